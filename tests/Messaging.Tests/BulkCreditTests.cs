using System.Collections.Concurrent;
using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;
using RabbitMQ.Client;

namespace Holoflow.Messaging.Tests;

/// <summary>A run that writes at full speed has few chunks on their way: the others of its shard wait behind no more, and nothing piles up.</summary>
public sealed class BulkCreditTests(Broker broker) : IClassFixture<Broker>, IAsyncLifetime
{
    const int Credit = 4;
    const int Storm = 40;

    readonly List<RabbitMqBus> _buses = [];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var bus in _buses)
            await bus.DisposeAsync();
    }

    [Fact]
    public async Task A_quiet_run_of_the_same_shard_waits_behind_the_storm_s_credit_and_not_behind_the_storm()
    {
        var (services, agent) = (await Bus(), await Bus());
        var (storm, quiet) = (Run(1), Run(1));
        var begun = new ConcurrentQueue<Guid>();
        var quietBegan = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        await using var lines = services.Handle<LogChunk, CommandAnswered>(async (chunk, cancellation) =>
        {
            begun.Enqueue(chunk.RunId);
            if (chunk.RunId == quiet)
                quietBegan.TrySetResult();
            await mayEnd.Task.WaitAsync(cancellation);
            return new CommandAnswered(CommandOutcome.Accepted);
        });
        var sent = Enumerable.Range(1, Storm).Select(n => agent.Request(Chunk(storm, n), Cancellation).AsTask()).ToList();
        _ = await agent.Request(Chunk(quiet, 1), Cancellation);
        await quietBegan.Task.WaitAsync(Cancellation);
        Assert.InRange(begun.Count(run => run == storm), 0, Credit);
        Assert.True(sent.Count(s => s.IsCompleted) <= Credit);
        mayEnd.TrySetResult();
        await Task.WhenAll(sent).WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Where_nobody_stores_anything_a_run_goes_on_without_credit_and_nothing_is_lost()
    {
        var (services, agent) = (await Bus(), await Bus(TimeSpan.FromMilliseconds(500)));
        var run = Run(2);
        for (var n = 1; n <= 20; n++)
            _ = await agent.Request(Chunk(run, n), Cancellation);
        var numbers = new ConcurrentQueue<long>();
        var all = new TaskCompletionSource();
        await using var lines = services.Handle<LogChunk, CommandAnswered>((chunk, _) =>
        {
            // What an earlier test has sent may come, too.
            if (chunk.RunId == run)
                numbers.Enqueue(chunk.Lines[0].Number);
            if (numbers.Distinct().Count() == 20)
                all.TrySetResult();
            return ValueTask.FromResult(new CommandAnswered(CommandOutcome.Accepted));
        });
        await all.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task An_answer_goes_to_nobody_s_queue()
    {
        var services = await Bus();
        await using var connection = await new ConnectionFactory { Uri = broker.Server.Address }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        var victim = (await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: Cancellation)).QueueName;
        var chunk = Chunk(Run(3), 1);
        var taken = new TaskCompletionSource();
        var lines = services.Handle<LogChunk, CommandAnswered>((received, _) =>
        {
            if (received.RunId == chunk.RunId)
                taken.TrySetResult();
            return ValueTask.FromResult(new CommandAnswered(CommandOutcome.Accepted));
        });
        await ((ISubscription)lines).Established.WaitAsync(Cancellation);
        await channel.BasicPublishAsync(Addresses.Logs, "3", mandatory: true, new BasicProperties { Type = "log-chunk", UserId = "guest", ReplyTo = victim, CorrelationId = "x" }, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(chunk), Cancellation);
        await taken.Task.WaitAsync(Cancellation);
        // What was taken is finished first, its answer with it.
        await lines.DisposeAsync();
        Assert.Null(await channel.BasicGetAsync(victim, autoAck: true, Cancellation));
    }

    async Task<RabbitMqBus> Bus(TimeSpan? patience = null)
    {
        _buses.Add(await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Server.Address, BulkCredit = Credit, BulkPatience = patience ?? TimeSpan.FromHours(1) }, cancellation: Cancellation));
        return _buses[^1];
    }

    /// <summary>A run of a shard.</summary>
    static Guid Run(byte shard)
    {
        var bytes = Guid.CreateVersion7().ToByteArray();
        bytes[15] = shard;
        return new Guid(bytes);
    }

    static LogChunk Chunk(Guid run, long number) => new(run, "agent", [new LogLine(0, number, DateTimeOffset.UnixEpoch, 2, null, "flow", new string('x', 150_000))]);
}
