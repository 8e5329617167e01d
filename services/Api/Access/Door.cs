using System.Globalization;
using Holoflow.Api.Edge;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api.Access;

/// <summary>
/// Lets in who has an API token of enough scope, on every route and stream; also what is no route wants a token, so that nobody without one
/// finds out what there is. What is not said to be open is closed.
/// </summary>
sealed class Door(KnownTokens tokens, EnrollmentGate gate, TimeProvider time, ILogger log)
{
    const string Scheme = "Bearer ";

    static readonly Problem TooMany = new()
    {
        Status = StatusCodes.Status429TooManyRequests,
        Title = "Too many requests",
        Detail = $"{EnrollmentGate.MostFailures} wrong enrolment codes came from this address within {EnrollmentGate.Window.TotalSeconds:0} s: wait as long, and check the code",
    };

    /// <summary>What the caller may do; null: the server asks for no tokens.</summary>
    public static AccessGrant? GrantOf(HttpContext http) => http.Features.Get<AccessGrant>();

    public async Task Invoke(HttpContext http, RequestDelegate next)
    {
        if (Needs(http.GetEndpoint()) is not { } scope)
        {
            await next(http);
            return;
        }

        if (scope == TokenScope.Enroll && !gate.MayTry(http))
        {
            Log.TurnedAway(log, http.Request.Method, http.Request.Path.Value ?? "", "too many wrong codes");
            http.Response.Headers.RetryAfter = EnrollmentGate.Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            await Answers.Problem(http, TooMany);
            return;
        }

        var (grant, problem) = await Check(http.Request, scope, http.RequestAborted);
        if (problem is not null)
        {
            if (scope == TokenScope.Enroll)
                gate.Failed(http);
            Log.TurnedAway(log, http.Request.Method, http.Request.Path.Value ?? "", problem.Detail ?? problem.Title);
            await Answers.Problem(http, problem);
            return;
        }

        http.Features.Set(grant);
        await next(http);
    }

    static TokenScope? Needs(Endpoint? endpoint) => endpoint switch
    {
        RouteEndpoint route => route.Metadata.GetMetadata<RouteAccess>() is { } access ? access.Scope : TokenScope.Admin,
        _ => TokenScope.Read,
    };

    async Task<(AccessGrant? Grant, Problem? Problem)> Check(HttpRequest request, TokenScope needed, CancellationToken cancellation)
    {
        if (request.Headers.Authorization is not [{ } header])
            return (null, Unauthorized(request.Headers.Authorization.Count == 0 ? "an API token is needed: send it as 'Authorization: Bearer TOKEN'" : "give one Authorization header, not several"));
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !ApiTokenText.IsPossible(header[Scheme.Length..].Trim()))
            return (null, Unauthorized("the Authorization header holds no API token: send 'Authorization: Bearer TOKEN'"));
        if (await tokens.Find(header[Scheme.Length..].Trim(), cancellation) is not { } grant)
            return (null, Unauthorized("the API token is not known here"));
        if (AccessGrant.Refusal(grant.Token, time.GetUtcNow()) is { } refusal)
            return (null, Unauthorized(refusal));
        return grant.Scope >= needed
            ? (grant, null)
            : (null, new Problem { Status = StatusCodes.Status403Forbidden, Title = "Forbidden", Detail = $"the API token '{grant.Token.Name}' has scope {Word(grant.Scope)}; this needs scope {Word(needed)}" });
    }

    static string Word(TokenScope scope) => scope.ToString().ToLowerInvariant();

    static Problem Unauthorized(string detail) => new() { Status = StatusCodes.Status401Unauthorized, Title = "Unauthorized", Detail = detail };
}
