using System.Net.Http.Headers;
using Holoflow.Agent;
using Holoflow.Hosting;
using Holoflow.Messaging;
using Holoflow.Messaging.Http;
using Holoflow.Messaging.RabbitMq;
using Microsoft.Extensions.Logging;

namespace Holoflow.Standalone;

/// <summary>An agent in this process, before a server elsewhere (<c>holoflow agent start</c>).</summary>
public sealed class RemoteAgent : IAsyncDisposable
{
    readonly HttpClient? _http;
    readonly IAsyncDisposable _bus;
    readonly FlowAgent _agent;

    RemoteAgent(HttpClient? http, IAsyncDisposable bus, FlowAgent agent)
    {
        _http = http;
        _bus = bus;
        _agent = agent;
    }

    /// <summary>How many runs it holds now.</summary>
    public int HeldRuns => _agent.HeldRunCount;

    /// <summary>Starts an agent; the server need not be there yet.</summary>
    /// <param name="server">The server, e.g. <c>http://127.0.0.1:4200</c>.</param>
    /// <param name="token">The API token; null: none.</param>
    /// <param name="options">How it works; its flows are told the server's address.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Its own log.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StandaloneStartException">An option is wrong, or another agent of this name runs.</exception>
    public static async Task<RemoteAgent> StartAsync(Uri server, string? token, AgentOptions options, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation = default)
    {
        var log = logs.CreateLogger<RemoteAgent>();
        var root = server.AbsoluteUri.TrimEnd('/');
        var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), UseCookies = false }) { BaseAddress = new Uri(root + "/api/"), Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var bus = new HttpBusClient(http, time, (fault, message) => log.HandlerFault(fault, message.GetType().Name));
        try
        {
            return new RemoteAgent(http, bus, await FlowAgent.StartAsync(options, bus, time, logs.CreateLogger<FlowAgent>(), cancellation));
        }
        catch (AgentStartException e)
        {
            await bus.DisposeAsync();
            http.Dispose();
            throw new StandaloneStartException(e.Message, e);
        }
    }

    /// <summary>Starts an agent whose messages go over the broker.</summary>
    /// <param name="broker">The broker, and the agent's user there.</param>
    /// <param name="options">How it works.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Its own log.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StandaloneStartException">The broker cannot be used, an option is wrong, or another agent of this name runs.</exception>
    public static async Task<RemoteAgent> StartAsync(RabbitMqOptions broker, AgentOptions options, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation = default)
    {
        var log = logs.CreateLogger<RemoteAgent>();
        RabbitMqBus? bus = null;
        try
        {
            bus = await RabbitMqBus.Connect(broker, log.EventFailed, cancellation);
            return new RemoteAgent(null, bus, await FlowAgent.StartAsync(options, new TracedBus(bus), time, logs.CreateLogger<FlowAgent>(), cancellation));
        }
        catch (Exception e) when (e is AgentStartException or MessagingException)
        {
            if (bus is not null)
                await bus.DisposeAsync();
            throw new StandaloneStartException(e.Message, e);
        }
    }

    /// <summary>Takes no more runs; ends when those it holds have ended.</summary>
    public Task DrainAsync() => _agent.DrainAsync();

    /// <summary>Stops; runs that it holds go on, and are taken up by its next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _bus.DisposeAsync();
        _http?.Dispose();
    }
}
