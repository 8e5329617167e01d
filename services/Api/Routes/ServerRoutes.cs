using System.Reflection;
using System.Text;
using Holoflow.Api.Access;
using Holoflow.Api.Edge;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Server;
using Holoflow.Persistence;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>The server itself: is it alive, can it answer, what is it.</summary>
sealed class ServerRoutes(Database database, TimeProvider time)
{
    static readonly string Version = typeof(ServerRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public void Map(RouteTable routes)
    {
        routes.Get("/healthz", new ApiRoute("200 while the process lives") { ContentType = "text/plain", Access = RouteAccess.Open }, http => Say(http, 200, "alive\n"));
        routes.Get("/readyz", new ApiRoute("200 while the database answers, else 503") { ContentType = "text/plain", Access = RouteAccess.Open }, Ready);
        routes.Get("/api/server", new ApiRoute("What the server is", typeof(ServerStatus)), Status);
    }

    async Task Ready(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        if (await WhyNotReady(http.RequestAborted) is { } reason)
            await Say(http, 503, $"{reason}\n");
        else
            await Say(http, 200, "ready\n");
    }

    async Task Status(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var ready = await WhyNotReady(http.RequestAborted) is null;
        await Answers.Json(http, new ServerStatus(Version, _startedAt, database.Provider.ToString().ToLowerInvariant(), ready, Door.GrantOf(http)?.Scope), ApiJson.Default.ServerStatus);
    }

    async Task<string?> WhyNotReady(CancellationToken cancellation)
    {
        try
        {
            await using var session = await database.OpenReadSession(cancellation);
            return session.Number("SELECT max(version) FROM schema_version") is null ? "the database has no schema" : null;
        }
        catch (Exception e) when (e is DatabaseException or System.Data.Common.DbException)
        {
            return e is DatabaseException ? e.Message : "the database does not answer";
        }
    }

    static async Task Say(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted);
    }
}
