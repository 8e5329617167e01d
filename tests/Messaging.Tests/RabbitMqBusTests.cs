using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Servers;
using RabbitMQ.Client;

namespace Holoflow.Messaging.Tests;

/// <summary>One private broker for all tests of the class.</summary>
public sealed class Broker : IAsyncLifetime
{
    public RabbitMqServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RabbitMqServer.Start();

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>Two processes' worth of connections to a real broker.</summary>
public sealed class RabbitMqBusTests(Broker broker) : MessageBusCompliance, IClassFixture<Broker>
{
    RabbitMqBus? _services;
    RabbitMqBus? _agent;

    protected override IMessageBus ServiceSide => _services!;

    protected override IMessageBus AgentSide => _agent!;

    readonly List<RabbitMqBus> _others = [];

    protected override async ValueTask<IMessageBus> AnotherAgent()
    {
        _others.Add(await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Server.Address }, cancellation: Cancellation));
        return _others[^1];
    }

    [Fact]
    public async Task A_request_that_no_queue_takes_is_refused_and_not_waited_for()
    {
        await using var connection = await new ConnectionFactory { Uri = broker.Server.Address }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        _ = await channel.QueueDeleteAsync("state-store.sweep-runs", cancellationToken: Cancellation);
        var refused = await Assert.ThrowsAsync<MessagingException>(async () => await AgentSide.Request(new SweepRuns(), Cancellation));
        Assert.Contains("'sweep-runs' was not accepted by the broker", refused.Message, StringComparison.Ordinal);
        await using var handler = ServiceSide.Handle<SweepRuns, SweepAnswered>((_, _) => ValueTask.FromResult(new SweepAnswered(0, 0, 7)));
        await ((ISubscription)handler).Established.WaitAsync(Cancellation);
        Assert.Equal(7, (await AgentSide.Request(new SweepRuns(), Cancellation)).ExpiredLate);
    }

    public override async ValueTask InitializeAsync()
    {
        _services = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Server.Address }, cancellation: Cancellation);
        _agent = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Server.Address }, cancellation: Cancellation);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var other in _others)
            await other.DisposeAsync();
        await _agent!.DisposeAsync();
        await _services!.DisposeAsync();
    }
}
