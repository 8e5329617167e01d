using System.Text.Json;
using Holoflow.Api.Access;
using Holoflow.Api.Edge;
using Holoflow.Api.Events;
using Holoflow.Api.Requests;
using Holoflow.ApiModel.Tokens;
using Holoflow.Messaging.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holoflow.Api.Routes;

/// <summary><c>/api/bus</c>: the bus of a standalone server for agents in other processes. Only agents may call it.</summary>
sealed class BusRoutes(BusBridge bridge, StreamGate gate)
{
    /// <summary>A batch of task events with their artifacts' data is the largest message.</summary>
    const long MaxBytes = 64 * 1024 * 1024;

    static readonly RouteAccess Agents = RouteAccess.Of(TokenScope.Agent);

    public void Map(RouteTable routes)
    {
        routes.Map(HttpMethods.Post, "/api/bus/requests/{message}", new ApiRoute("Carries a request of an agent") { Access = Agents }, Request);
        routes.Map(HttpMethods.Post, "/api/bus/events/{message}", new ApiRoute("Publishes an event of an agent") { Access = Agents }, Publish);
        routes.Map(
            HttpMethods.Get,
            "/api/bus/subscriptions/{id}",
            new ApiRoute("Streams events to an agent") { Access = Agents, Query = [new QueryParameter("s", "message|pattern|queue", Repeats: true)], ContentType = "application/x-ndjson" },
            Subscribe);
        routes.Map(
            HttpMethods.Put,
            "/api/bus/subscriptions/{id}/ready/{message}",
            new ApiRoute("Tells whether an agent takes more") { Access = Agents, Query = [new QueryParameter("value", "true or false", QueryType.Flag)] },
            SetReady);
    }

    async Task Request(HttpContext http)
    {
        RequireJson(http);
        using var answer = new MemoryStream();
        var message = Ids.NameFromPath(http, "message");
        if (!await Carry(() => bridge.Request(message, http.Request.Body, answer, http.RequestAborted)))
            throw RefusedException.NotFound($"'{Ids.Shown(message)}' is no request of an agent");
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Length;
        answer.Position = 0;
        await answer.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    async Task Publish(HttpContext http)
    {
        RequireJson(http);
        var message = Ids.NameFromPath(http, "message");
        if (!await Carry(() => bridge.Publish(message, http.Request.Body, http.RequestAborted)))
            throw RefusedException.NotFound($"'{Ids.Shown(message)}' is no event of an agent");
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    Task Subscribe(HttpContext http)
    {
        var id = Ids.FromPath(http);
        IReadOnlyList<string> subscriptions = [.. http.Request.Query["s"].OfType<string>()];
        if (BusBridge.Check(subscriptions) is { } mistake)
            throw RefusedException.BadField("s", mistake);
        return gate.Run(http, async cancellation =>
        {
            http.Response.ContentType = "application/x-ndjson";
            await bridge.Stream(id, subscriptions, http.Response.Body, cancellation);
        });
    }

    Task SetReady(HttpContext http)
    {
        var query = new QueryReader(http);
        var ready = query.Flag("value", true);
        query.Errors.ThrowIfAny();
        bridge.SetReady(Ids.FromPath(http), Ids.NameFromPath(http, "message"), ready);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    static void RequireJson(HttpContext http)
    {
        if (!http.Request.HasJsonContentType())
            throw RefusedException.Of(415, "Unsupported media type", "send the message as application/json");
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBytes;
    }

    static async Task<bool> Carry(Func<Task<bool>> carry)
    {
        try
        {
            return await carry();
        }
        catch (JsonException e)
        {
            // The reader's message names types of ours.
            throw RefusedException.BadField("body", e.Path is { Length: > 1 } path ? $"is no such message: {path} does not fit" : "is no such message");
        }
    }
}
