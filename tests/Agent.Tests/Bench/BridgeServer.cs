using System.Net;
using Holoflow.Messaging;
using Holoflow.Messaging.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holoflow.Agent.Tests.Bench;

/// <summary>Lets agents in other processes reach a bus in memory, on a free loopback port.</summary>
sealed class BridgeServer(WebApplication server) : IAsyncDisposable
{
    public string Url => server.Urls.First() + "/api/";

    public static async Task<BridgeServer> Start(IMessageBus bus)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var bridge = new BusBridge(bus, TimeProvider.System);
        server.MapPost("/api/bus/requests/{message}", async (string message, HttpContext http) =>
        {
            using var answer = new MemoryStream();
            await bridge.Request(message, http.Request.Body, answer, http.RequestAborted);
            await http.Response.Body.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length));
        });
        server.MapPost("/api/bus/events/{message}", (string message, HttpContext http) => bridge.Publish(message, http.Request.Body, http.RequestAborted));
        server.MapPut("/api/bus/subscriptions/{id:guid}/ready/{message}", (Guid id, string message, bool value) => bridge.SetReady(id, message, value));
        server.MapGet("/api/bus/subscriptions/{id:guid}", (Guid id, string[] s, HttpContext http) => bridge.Stream(id, s, http.Response.Body, http.RequestAborted));
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new BridgeServer(server);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
