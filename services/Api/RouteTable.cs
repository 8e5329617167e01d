using System.Reflection;
using Holoflow.Api.Access;
using Holoflow.Api.Edge;
using Holoflow.Api.Requests;
using Holoflow.Api.Writes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Holoflow.Api;

/// <summary>
/// All routes of the API are mapped here and nowhere else: what must hold for each of them (who may call it, how its
/// query is read, how a repeat is answered) is put in front of it in one place.
/// </summary>
sealed class RouteTable(IEndpointRouteBuilder endpoints, IdempotentAnswers answers, TimeProvider time)
{
    readonly SharedReads _reads = new();

    /// <summary>Reads something. It changes nothing, and of who asks only the scope counts.</summary>
    public void Get(string pattern, ApiRoute route, RequestDelegate handler) =>
        Map(HttpMethods.Get, pattern, route, route.ContentType == ApiRoute.JsonType ? http => _reads.Answer(http, handler) : handler, handler.Method);

    /// <summary>Changes something; a repeat with the same Idempotency-Key gets the first one's answer.</summary>
    public void Post<T>(string pattern, ApiRoute<T> route, Func<Call<T>, Task<RecordedAnswer>> handler)
        where T : class =>
        Map(HttpMethods.Post, pattern, route, http => Once(http, route, handler));

    /// <summary>Changes something; doing it twice is the same as doing it once.</summary>
    public void Put<T>(string pattern, ApiRoute<T> route, Func<Call<T>, Task<RecordedAnswer>> handler)
        where T : class => Change(HttpMethods.Put, pattern, route, handler);

    public void Patch<T>(string pattern, ApiRoute<T> route, Func<Call<T>, Task<RecordedAnswer>> handler)
        where T : class => Change(HttpMethods.Patch, pattern, route, handler);

    public void Delete(string pattern, ApiRoute route, Func<HttpContext, Task<RecordedAnswer>> handler) =>
        Map(HttpMethods.Delete, pattern, route, async http =>
        {
            CheckQuery(http);
            await Answers.Recorded(http, await handler(http));
        });

    /// <summary>A route whose handler reads and writes by itself.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="route">What is said of it.</param>
    /// <param name="handler">Answers.</param>
    /// <param name="described">The method whose class the description files the route under; null: the handler's.</param>
    public void Map(string method, string pattern, ApiRoute route, RequestDelegate handler, MethodInfo? described = null)
    {
        var builder = endpoints.MapMethods(pattern, [method], handler).WithMetadata(route, route.Access ?? RouteAccess.OfMethod(method), described ?? handler.Method);
        if (route.Response is { } response)
            _ = builder.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, response, [route.ContentType]));
        if (route.Request is { } request)
            _ = builder.WithMetadata(new AcceptsMetadata(["application/json"], request, isOptional: false));
    }

    void Change<T>(string method, string pattern, ApiRoute<T> route, Func<Call<T>, Task<RecordedAnswer>> handler)
        where T : class =>
        Map(method, pattern, route, async http =>
        {
            CheckQuery(http);
            var body = RequestBody.Parse(await RequestBody.Read(http.Request), route.Json);
            await Answers.Recorded(http, await handler(new Call<T>(http, body, null, NewId())));
        });

    async Task Once<T>(HttpContext http, ApiRoute<T> route, Func<Call<T>, Task<RecordedAnswer>> handler)
        where T : class
    {
        CheckQuery(http);
        var bytes = await RequestBody.Read(http.Request);
        var answer = await answers.Once(http, bytes, NewId, (key, id) => handler(new Call<T>(http, RequestBody.Parse(bytes, route.Json), key, id)));
        await Answers.Recorded(http, answer);
    }

    static void CheckQuery(HttpContext http) => new QueryReader(http).Errors.ThrowIfAny();

    Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());
}

/// <summary>One request that changes something.</summary>
/// <param name="Http">The request.</param>
/// <param name="Body">What it asks.</param>
/// <param name="IdempotencyKey">The caller's key, where it gave one.</param>
/// <param name="NewId">The id for what it creates, the same for all repeats.</param>
sealed record Call<T>(HttpContext Http, T Body, string? IdempotencyKey, Guid NewId);
