using Holoflow.Messaging.RabbitMq;
using Holoflow.Servers;

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
