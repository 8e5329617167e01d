using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Servers;
using RabbitMQ.Client;

namespace Holoflow.Messaging.Tests;

/// <summary>What a real broker keeps of messages that could not be delivered or carried out. Each test has request types of its own: the broker is shared.</summary>
public sealed class DeadLetterTests(Broker broker) : IClassFixture<Broker>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    RabbitMqServer Server => broker.Server;

    [Fact]
    public async Task A_request_that_its_handler_fails_at_is_kept_with_its_reason_and_can_be_replayed()
    {
        await using var bus = await Connect();
        var run = Guid.CreateVersion7();
        var fails = true;
        var carriedOut = new TaskCompletionSource<Guid>();
        await using var handler = bus.Handle<PauseRun, CommandAnswered>((request, _) =>
        {
            if (Volatile.Read(ref fails))
                throw new InvalidOperationException("no such disk");
            carriedOut.TrySetResult(request.RunId);
            return ValueTask.FromResult(new CommandAnswered(CommandOutcome.Accepted));
        });
        var told = await Assert.ThrowsAsync<MessagingException>(async () => await bus.Request(new PauseRun(run, null), Cancellation));
        Assert.Contains("no such disk", told.Message, StringComparison.Ordinal);

        var letter = await One(bus, "state-store.pause-run");
        Assert.Equal(("pause-run", "failed", "no such disk"), (letter.Message, letter.Reason, letter.Error));
        Assert.NotNull(letter.At);
        Assert.Contains(run.ToString(), letter.Body, StringComparison.Ordinal);

        Volatile.Write(ref fails, false);
        Assert.Equal(1, await bus.DeadLetters.Replay(l => l.Id == letter.Id, Cancellation));
        Assert.Equal(run, await carriedOut.Task.WaitAsync(Cancellation));
        Assert.Empty(await bus.DeadLetters.List("state-store.pause-run", 10, Cancellation));
    }

    [Fact]
    public async Task Of_requests_that_travelled_together_the_one_that_fails_goes_to_the_dead_letters_alone_and_can_be_replayed()
    {
        await using var asker = await Connect();
        var bad = Guid.CreateVersion7();
        var fails = true;
        var carriedOut = new TaskCompletionSource<Guid>();
        // They come before their handler does: one by itself, the others together behind it.
        var asked = Enumerable.Range(0, 40).Select(i => asker.Request(new CancelRun(i == 30 ? bad : Guid.CreateVersion7(), $"{i}"), Cancellation).AsTask()).ToList();
        await using var bus = await Connect();
        await using var handler = bus.Handle<CancelRun, CommandAnswered>((request, _) =>
        {
            if (request.RunId != bad)
                return ValueTask.FromResult(new CommandAnswered(CommandOutcome.Accepted, request.Reason, request.RunId));
            if (Volatile.Read(ref fails))
                throw new InvalidOperationException("no such disk");
            carriedOut.TrySetResult(request.RunId);
            return ValueTask.FromResult(new CommandAnswered(CommandOutcome.Accepted));
        });

        for (var i = 0; i < asked.Count; i++)
        {
            if (i == 30)
                Assert.Contains("no such disk", (await Assert.ThrowsAsync<MessagingException>(() => asked[30])).Message, StringComparison.Ordinal);
            else
                Assert.Equal($"{i}", (await asked[i]).Reason);
        }

        var letter = await One(bus, "state-store.cancel-run");
        Assert.Equal(("cancel-run", "failed", "no such disk"), (letter.Message, letter.Reason, letter.Error));
        Assert.Contains(bad.ToString(), letter.Body, StringComparison.Ordinal);
        Assert.StartsWith("{", letter.Body, StringComparison.Ordinal);

        Volatile.Write(ref fails, false);
        Assert.Equal(1, await bus.DeadLetters.Replay(l => l.Id == letter.Id, Cancellation));
        Assert.Equal(bad, await carriedOut.Task.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task Dropped_letters_are_gone_and_the_others_stay_however_often_they_are_looked_at()
    {
        await using var bus = await Connect();
        await using var handler = bus.Handle<ResumeRun, CommandAnswered>((_, _) => throw new InvalidOperationException("no"));
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<MessagingException>(async () => await bus.Request(new ResumeRun(Guid.CreateVersion7()), Cancellation));

        for (var i = 0; i < 30; i++)
            Assert.Equal(3, (await Several(bus, "state-store.resume-run", 3)).Count);
        var first = (await Several(bus, "state-store.resume-run", 3))[0];
        Assert.Equal(1, await bus.DeadLetters.Drop(l => l.Id == first.Id, Cancellation));
        Assert.DoesNotContain(await Several(bus, "state-store.resume-run", 2), l => l.Id == first.Id);
        Assert.Equal(2, await bus.DeadLetters.Drop(l => l.Queue == "state-store.resume-run", Cancellation));
    }

    [Fact]
    public async Task What_is_no_message_at_all_is_kept_and_holds_up_nothing()
    {
        await using var bus = await Connect();
        await using var channel = await (await Raw()).CreateChannelAsync(cancellationToken: Cancellation);
        var taken = new TaskCompletionSource();
        await using var offers = bus.Subscribe<RunOffered>(new Subscription("offer.poison", "run-offers.poison") { Ready = () => true }, (_, _) =>
        {
            taken.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await offers.Established.WaitAsync(Cancellation);
        await channel.BasicPublishAsync("", "run-offers.poison", "<not json>"u8.ToArray(), Cancellation);
        await bus.Publish(new RunOffered(Guid.CreateVersion7(), Guid.CreateVersion7(), "poison", [], DateTimeOffset.MaxValue), Cancellation);
        await taken.Task.WaitAsync(Cancellation);
        var letter = await One(bus, "run-offers.poison");
        Assert.Equal(("<not json>", "rejected"), (letter.Body, letter.Reason));
    }

    [Fact]
    public async Task An_offer_that_nobody_takes_in_time_leaves_its_queue()
    {
        await using var bus = await Connect();
        await using var offers = bus.Subscribe<RunOffered>(new Subscription("offer.late", "run-offers.late") { Ready = () => false }, (_, _) => ValueTask.CompletedTask);
        await offers.Established.WaitAsync(Cancellation);
        await bus.Publish(new RunOffered(Guid.CreateVersion7(), Guid.CreateVersion7(), "late", [], TimeProvider.System.GetUtcNow().AddMilliseconds(100)), Cancellation);
        Assert.Equal("expired", (await One(bus, "run-offers.late")).Reason);
    }

    [Fact]
    public async Task A_letter_whose_queue_is_gone_stays_when_it_is_replayed()
    {
        await using var bus = await Connect();
        await using var channel = await (await Raw()).CreateChannelAsync(cancellationToken: Cancellation);
        await channel.BasicPublishAsync("dead-letter", "kept.gone", mandatory: false, new BasicProperties { MessageId = "gone-1", Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["holoflow-queue"] = "gone" } }, "{}"u8.ToArray(), Cancellation);
        await One(bus, "gone");
        var error = await Assert.ThrowsAsync<MessagingException>(() => bus.DeadLetters.Replay(l => l.Queue == "gone", Cancellation));
        Assert.Contains("its queue is not there", error.Message, StringComparison.Ordinal);
        Assert.Equal("gone-1", (await One(bus, "gone")).Id);
    }

    [Fact]
    public async Task A_message_that_is_held_too_long_is_given_to_another()
    {
        await using var bus = await Connect();
        await using var other = await Connect();
        await using var holder = await Connect();
        var (held, free, second) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var first = holder.Subscribe<RunOffered>(new Subscription("offer.held", "run-offers.held") { Ready = () => !held.Task.IsCompleted }, async (_, _) =>
        {
            held.TrySetResult();
            await free.Task;
        });
        await first.Established.WaitAsync(Cancellation);
        await bus.Publish(new RunOffered(Guid.CreateVersion7(), Guid.CreateVersion7(), "held", [], TimeProvider.System.GetUtcNow().AddHours(1)), Cancellation);
        await held.Task.WaitAsync(Cancellation);
        await using var next = other.Subscribe<RunOffered>(new Subscription("offer.held", "run-offers.held") { Ready = () => true }, (_, _) =>
        {
            second.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await second.Task.WaitAsync(Cancellation);
        free.TrySetResult();
        await first.DisposeAsync();
    }

    Task<RabbitMqBus> Connect() => RabbitMqBus.Connect(new RabbitMqOptions { Address = Server.Address }, cancellation: Cancellation);

    Task<IConnection> Raw() => new ConnectionFactory { Uri = Server.Address }.CreateConnectionAsync(Cancellation);

    static async Task<DeadLetter> One(RabbitMqBus bus, string queue) => (await Several(bus, queue, 1))[0];

    // The broker moves a letter when it comes to it.
    static async Task<IReadOnlyList<DeadLetter>> Several(RabbitMqBus bus, string queue, int count)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var letters = await bus.DeadLetters.List(queue, 100, Cancellation);
            if (letters.Count == count)
                return letters;
            await tick.WaitForNextTickAsync(Cancellation);
        }
    }
}
