using Holoflow.Messaging.RabbitMq;

namespace Holoflow.Messaging.Tests;

/// <summary>The compliance suite with agents that have the rights of an agent and no others.</summary>
public sealed class ConfinedBusTests(InstallationBroker broker) : MessageBusCompliance, IClassFixture<InstallationBroker>
{
    readonly List<RabbitMqBus> _buses = [];

    protected override IMessageBus ServiceSide => _buses[0];

    protected override IMessageBus AgentSide => _buses[1];

    protected override async ValueTask<IMessageBus> AnotherAgent() => await Agent();

    public override async ValueTask InitializeAsync()
    {
        _buses.Add(await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Server.Address }, cancellation: Cancellation));
        _ = await Agent();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var bus in _buses.AsEnumerable().Reverse())
            await bus.DisposeAsync();
    }

    async Task<RabbitMqBus> Agent()
    {
        _buses.Add(await RabbitMqBus.Connect(
            new RabbitMqOptions { Address = broker.Server.Address, User = "agent", Password = InstallationBroker.Password, DeclaresRequestQueues = false, IsConfined = true }, cancellation: Cancellation));
        return _buses[^1];
    }
}
