using System.Net;
using System.Text.Json;
using Holoflow.Messaging.Http;
using Holoflow.Messaging.InProcess;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Holoflow.Messaging.Tests;

/// <summary>An agent in another process: its bus is a client of a real server on a loopback port.</summary>
public sealed class HttpBridgeTests : MessageBusCompliance
{
    readonly InProcessBus _bus = new();
    WebApplication? _server;
    HttpClient? _http;
    HttpBusClient? _client;

    protected override IMessageBus ServiceSide => _bus;

    protected override IMessageBus AgentSide => _client!;

    readonly List<HttpBusClient> _others = [];

    protected override ValueTask<IMessageBus> AnotherAgent()
    {
        _others.Add(new HttpBusClient(_http!, TimeProvider.System));
        return ValueTask.FromResult<IMessageBus>(_others[^1]);
    }

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        var bridge = new BusBridge(_bus, TimeProvider.System);
        _server.MapPost("/api/bus/requests/{message}", async (string message, HttpContext http) =>
        {
            using var answer = new MemoryStream();
            try
            {
                http.Response.StatusCode = await bridge.Request(message, http.Request.Body, answer, http.RequestAborted) ? 200 : 404;
                await http.Response.Body.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length));
            }
            catch (Exception e) when (e is MessagingException or JsonException)
            {
                http.Response.StatusCode = e is JsonException ? 400 : 502;
                await http.Response.WriteAsync(e.Message);
            }
        });
        _server.MapPost("/api/bus/events/{message}", async (string message, HttpContext http) =>
            http.Response.StatusCode = await bridge.Publish(message, http.Request.Body, http.RequestAborted) ? 202 : 404);
        _server.MapPut("/api/bus/subscriptions/{id:guid}/ready/{message}", (Guid id, string message, bool value) => bridge.SetReady(id, message, value));
        _server.MapGet("/api/bus/subscriptions/{id:guid}", (Guid id, string[] s, HttpContext http) =>
            bridge.Stream(id, s, http.Response.Body, http.RequestAborted));
        await _server.StartAsync(Cancellation);
        _http = new HttpClient { BaseAddress = new Uri(new Uri(_server.Urls.First()), "/api/"), Timeout = Timeout.InfiniteTimeSpan };
        _client = new HttpBusClient(_http, TimeProvider.System);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var other in _others)
            await other.DisposeAsync();
        await _client!.DisposeAsync();
        _http!.Dispose();
        await _server!.DisposeAsync();
    }

    [Theory]
    [InlineData("submit-run")]
    [InlineData("sweep-runs")]
    [InlineData("..%2f..%2fetc")]
    public async Task What_an_agent_has_no_need_of_does_not_cross(string message)
    {
        using var content = new StringContent("{}");
        using var response = await _http!.PostAsync(new Uri($"bus/requests/{message}", UriKind.Relative), content, Cancellation);
        Assert.Equal(404, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("run-offered|#|")]
    [InlineData("run-state-changed|#|", "'run-state-changed' cannot be subscribed to here")]
    [InlineData("run-offered", "is no subscription")]
    public void Subscriptions_are_checked_before_they_are_opened(string subscription, string? mistake = null)
    {
        var found = BusBridge.Check([subscription]);
        if (mistake is null)
            Assert.Null(found);
        else
            Assert.Contains(mistake, found, StringComparison.Ordinal);
    }
}
