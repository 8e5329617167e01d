using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;
using RabbitMQ.Client;

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

    [Fact]
    public async Task A_queue_of_offers_that_an_older_version_made_is_made_anew()
    {
        const string Queue = "run-offers.older";
        await using (var connection = await new ConnectionFactory { Uri = broker.Server.Address }.CreateConnectionAsync(Cancellation))
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation))
            _ = await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" }, cancellationToken: Cancellation);
        var taken = new TaskCompletionSource();
        await using var offers = AgentSide.Subscribe<RunOffered>(new Subscription("offer.older", Queue), (_, _) =>
        {
            taken.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await offers.Established.WaitAsync(Cancellation);
        await ServiceSide.Publish(new RunOffered(Guid.CreateVersion7(), Guid.CreateVersion7(), "older", [], DateTimeOffset.MaxValue), Cancellation);
        await taken.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_run_s_chunks_go_on_as_they_are_stored()
    {
        await using var lines = ServiceSide.Handle<LogChunk, CommandAnswered>((_, _) => ValueTask.FromResult(new CommandAnswered(CommandOutcome.Accepted)));
        var run = Guid.CreateVersion7();
        for (var n = 1; n <= 40; n++)
            _ = await AgentSide.Request(new LogChunk(run, "agent", [new LogLine(0, n, DateTimeOffset.UnixEpoch, 2, null, "flow", "text")]), Cancellation);
    }

    async Task<RabbitMqBus> Agent()
    {
        _buses.Add(await RabbitMqBus.Connect(
            new RabbitMqOptions { Address = broker.Server.Address, User = "agent", Password = InstallationBroker.Password, DeclaresRequestQueues = false, IsConfined = true, BulkPatience = TimeSpan.FromHours(1) }, cancellation: Cancellation));
        return _buses[^1];
    }
}
