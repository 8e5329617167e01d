using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Servers;

namespace Holoflow.Messaging.Tests;

/// <summary>A broker of a test's own, which the test kills and starts again under its buses.</summary>
public abstract class KilledBroker : IAsyncLifetime
{
    /// <summary>In the test command; HOLOFLOW_FAULT_ROUNDS asks for more.</summary>
    protected static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("HOLOFLOW_FAULT_ROUNDS"), out var rounds) ? rounds : 2;

    readonly List<RabbitMqBus> _buses = [];
    RabbitMqServer? _broker;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _broker = await RabbitMqServer.Start();

    public async ValueTask DisposeAsync()
    {
        foreach (var bus in _buses)
            await bus.DisposeAsync();
        if (_broker is not null)
            await _broker.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task Restart() => _broker!.Restart();

    protected async Task<RabbitMqBus> Connect(TimeSpan requestTimeout)
    {
        _buses.Add(await RabbitMqBus.Connect(new RabbitMqOptions { Address = _broker!.Address, RequestTimeout = requestTimeout }, Told, Cancellation));
        return _buses[^1];
    }

    /// <summary>Hears what a bus tells of its faults.</summary>
    protected virtual void Told(Exception fault, object about)
    {
    }

    protected static AgentCapacityChanged Capacity(long sequence) =>
        new() { AgentId = "a", Name = "a", Host = "h", Queues = [], Tags = [], Slots = 1, FreeSlots = 0, Sequence = sequence, Version = "0" };

    /// <summary>Tries until the broker is there for it.</summary>
    protected static async Task Until(Func<Task> attempt)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception e) when (e is MessagingException or TimeoutException)
            {
                await tick.WaitForNextTickAsync(Cancellation);
            }
        }
    }
}
