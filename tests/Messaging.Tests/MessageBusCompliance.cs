using System.Collections.Concurrent;
using System.Text.Json;
using Holoflow.Contracts;

namespace Holoflow.Messaging.Tests;

/// <summary>What every bus must do; an agent speaks through <see cref="AgentSide"/>, the services behind <see cref="ServiceSide"/>.</summary>
public abstract class MessageBusCompliance : IAsyncLifetime
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IMessageBus ServiceSide { get; }

    protected abstract IMessageBus AgentSide { get; }

    /// <summary>A queue name of this test's own: a broker keeps what an earlier test left.</summary>
    readonly string _queue = $"run-offers.shared-{Guid.CreateVersion7():N}";

    /// <summary>The bus of one more agent; gone with the test.</summary>
    protected abstract ValueTask<IMessageBus> AnotherAgent();

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task A_request_is_answered_with_every_value_as_it_was_sent()
    {
        var claim = new ClaimRun(Guid.CreateVersion7(), "agent \"1\"\n\u0000 🛰 $(id) ../", Guid.CreateVersion7());
        ClaimRun? received = null;
        var run = new GrantedRun
        {
            RunId = claim.RunId,
            RunName = "quiet-dish",
            FlowName = "f",
            Program = new RunProgram { Path = "/p", Environment = new Dictionary<string, string> { ["A"] = "b\n'\"" } },
            Parameters = JsonDocument.Parse("""{"a":[1,2.5,"x\u0000y"]}""").RootElement,
            Queue = "default",
            Epoch = 7,
            Attempt = 2,
            LeaseSeconds = 15,
        };
        await using var handler = ServiceSide.Handle<ClaimRun, ClaimAnswered>((request, _) =>
        {
            received = request;
            return ValueTask.FromResult(new ClaimAnswered(true, null, run));
        });

        var answer = await AgentSide.Request(claim, Cancellation);

        Assert.Equal(claim, received);
        Assert.True(answer.Granted);
        Assert.Equal(run.Epoch, answer.Run!.Epoch);
        Assert.True(JsonElement.DeepEquals(run.Parameters, answer.Run.Parameters), answer.Run.Parameters.GetRawText());
        Assert.Equal("b\n'\"", answer.Run.Program.Environment["A"]);
    }

    [Fact]
    public async Task A_request_sent_before_its_handler_exists_waits_for_it()
    {
        var asked = AgentSide.Request(new RenewLeases("a", []), Cancellation).AsTask();
        await using var handler = ServiceSide.Handle<RenewLeases, LeasesRenewed>((_, _) => ValueTask.FromResult(new LeasesRenewed([], 15)));
        Assert.Equal(15, (await asked).LeaseSeconds);
    }

    [Fact]
    public async Task A_handler_that_throws_is_told_to_the_one_who_asked()
    {
        await using var handler = ServiceSide.Handle<ClaimRun, ClaimAnswered>((_, _) => throw new InvalidOperationException("no such table"));
        var error = await Assert.ThrowsAsync<MessagingException>(async () => await AgentSide.Request(new ClaimRun(Guid.Empty, "a", Guid.Empty), Cancellation));
        Assert.Contains("claim-run", error.Message, StringComparison.Ordinal);
        Assert.Contains("no such table", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_and_events_that_are_sent_at_once_all_arrive_and_each_gets_its_own_answer()
    {
        var agents = Enumerable.Range(0, 300).Select(i => $"agent-{i}").ToList();
        var heard = new ConcurrentDictionary<string, ConcurrentQueue<long>>(StringComparer.Ordinal);
        var (count, all) = (0, new TaskCompletionSource());
        await using var handler = ServiceSide.Handle<ClaimRun, ClaimAnswered>((request, _) => ValueTask.FromResult(new ClaimAnswered(false, request.AgentId)));
        await using var subscription = AgentSide.Subscribe<RunControl>(new Subscription("agent.*"), (message, _) =>
        {
            heard.GetOrAdd(message.AgentId, _ => new()).Enqueue(message.Epoch);
            if (Interlocked.Increment(ref count) == 900)
                all.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await subscription.Established.WaitAsync(Cancellation);

        var asked = agents.Select(agent => AgentSide.Request(new ClaimRun(Guid.CreateVersion7(), agent, Guid.Empty), Cancellation).AsTask()).ToList();
        await Task.WhenAll(Enumerable.Range(0, 900).Select(i => ServiceSide.Publish(new RunControl(agents[i % 3], Guid.Empty, i, WantedOfRun.Run, null), Cancellation).AsTask()));
        await all.Task.WaitAsync(Cancellation);

        Assert.Equal(agents, (await Task.WhenAll(asked)).Select(a => a.Reason));
        Assert.Equal(3, heard.Count);
        Assert.All(heard.Values, epochs => Assert.Equal(300, epochs.Distinct().Count()));
    }

    [Fact]
    public async Task Events_reach_those_whose_pattern_matches_in_the_order_of_publishing()
    {
        var mine = new ConcurrentQueue<long>();
        var done = new TaskCompletionSource();
        var others = 0;
        await using var subscription = AgentSide.Subscribe<RunControl>(new Subscription("agent.me"), (message, _) =>
        {
            mine.Enqueue(message.Epoch);
            if (message.Epoch == 100)
                done.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await using var other = AgentSide.Subscribe<RunControl>(new Subscription("agent.other"), (_, _) =>
        {
            Interlocked.Increment(ref others);
            return ValueTask.CompletedTask;
        });
        await Task.WhenAll(subscription.Established, other.Established).WaitAsync(Cancellation);

        for (var i = 1; i <= 100; i++)
            await ServiceSide.Publish(new RunControl("me", Guid.Empty, i, WantedOfRun.Cancel, null), Cancellation);
        await done.Task.WaitAsync(Cancellation);

        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), mine);
        Assert.Equal(0, others);
    }

    [Fact]
    public async Task Subscriptions_of_one_queue_share_its_events_and_none_is_taken_twice()
    {
        var taken = new ConcurrentQueue<(int Consumer, Guid Run)>();
        var eachHoldsOne = new TaskCompletionSource();
        var all = new TaskCompletionSource();
        var subscriptions = new List<ISubscription>();
        for (var i = 0; i < 4; i++)
        {
            var consumer = i;
            subscriptions.Add((await AnotherAgent()).Subscribe<RunOffered>(new Subscription("offer.*", _queue), async (message, _) =>
            {
                taken.Enqueue((consumer, message.RunId));
                if (taken.Count == 4)
                    eachHoldsOne.TrySetResult();
                if (taken.Count == 40)
                    all.TrySetResult();
                await eachHoldsOne.Task;
            }));
        }

        await Task.WhenAll(subscriptions.Select(s => s.Established)).WaitAsync(Cancellation);

        for (var i = 0; i < 40; i++)
            await ServiceSide.Publish(Offer(), Cancellation);
        await all.Task.WaitAsync(Cancellation);
        foreach (var subscription in subscriptions)
            await subscription.DisposeAsync();

        Assert.Equal(40, taken.DistinctBy(t => t.Run).Count());
        Assert.Equal(4, taken.Take(4).DistinctBy(t => t.Consumer).Count());
    }

    [Fact]
    public async Task An_offer_reaches_each_subscription_whose_tags_its_run_carries_and_no_other()
    {
        var manyTags = Enumerable.Range(0, 100).Select(i => $"größer {i}").ToList();
        (string Run, IReadOnlyList<string> Tags)[] offers = [("none", []), ("a", ["a"]), ("za", ["z", "a"]), ("cza", ["c", "z", "a"]), ("b", ["b"]), ("many", manyTags), ("all", ["c", "b", "a"])];
        IReadOnlyList<string>[] subscribed = [[], ["a"], ["c", "a"], ["b"]];
        var received = subscribed.Select(_ => new ConcurrentQueue<Guid>()).ToList();
        var last = subscribed.Select(_ => new TaskCompletionSource()).ToList();
        var ids = offers.ToDictionary(o => o.Run, _ => Guid.CreateVersion7(), StringComparer.Ordinal);
        var subscriptions = new List<ISubscription>();
        foreach (var (tags, i) in subscribed.Select((tags, i) => (tags, i)))
        {
            subscriptions.Add((await AnotherAgent()).Subscribe<RunOffered>(new Subscription(OfferRoute.Pattern(_queue, tags), OfferRoute.Queue(_queue, tags)), (offer, _) =>
            {
                received[i].Enqueue(offer.RunId);
                if (offer.RunId == ids["all"])
                    last[i].TrySetResult();
                return ValueTask.CompletedTask;
            }));
        }

        await Task.WhenAll(subscriptions.Select(s => s.Established)).WaitAsync(Cancellation);
        foreach (var (run, tags) in offers)
            await ServiceSide.Publish(new RunOffered(Guid.CreateVersion7(), ids[run], _queue, tags, DateTimeOffset.MaxValue), Cancellation);
        await Task.WhenAll(last.Select(l => l.Task)).WaitAsync(Cancellation);
        foreach (var subscription in subscriptions)
            await subscription.DisposeAsync();

        // Where the tags do not fit into a key, each subscription hears of it, and its agents look.
        string[][] expected = [["none", "a", "za", "cza", "b", "many", "all"], ["a", "za", "cza", "many", "all"], ["cza", "many", "all"], ["b", "many", "all"]];
        Assert.Equal(expected.Select(e => string.Join(' ', e)), received.Select(r => string.Join(' ', r.Select(id => ids.First(i => i.Value == id).Key))));
    }

    [Fact]
    public async Task A_consumer_that_is_not_ready_leaves_events_to_the_others()
    {
        var ready = new TaskCompletionSource();
        await using var busy = AgentSide.Subscribe<RunOffered>(new Subscription("offer.*", _queue) { Ready = () => false }, (_, _) =>
        {
            ready.TrySetException(new InvalidOperationException("a consumer that was not ready got an event"));
            return ValueTask.CompletedTask;
        });
        var taken = 0;
        await using var idle = (await AnotherAgent()).Subscribe<RunOffered>(new Subscription("offer.*", _queue), (_, _) =>
        {
            if (Interlocked.Increment(ref taken) == 20)
                ready.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await Task.WhenAll(busy.Established, idle.Established).WaitAsync(Cancellation);
        await AgentSide.Publish(Capacity(), Cancellation);

        for (var i = 0; i < 20; i++)
            await ServiceSide.Publish(Offer(), Cancellation);
        await ready.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task An_event_whose_handler_throws_does_not_stop_the_next()
    {
        var second = new TaskCompletionSource();
        await using var subscription = AgentSide.Subscribe<RunControl>(new Subscription("#"), (message, _) =>
        {
            if (message.Epoch == 1)
                throw new InvalidOperationException("boom");
            second.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await subscription.Established.WaitAsync(Cancellation);
        await ServiceSide.Publish(new RunControl("a", Guid.Empty, 1, WantedOfRun.Run, null), Cancellation);
        await ServiceSide.Publish(new RunControl("a", Guid.Empty, 2, WantedOfRun.Run, null), Cancellation);
        await second.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_disposed_subscription_receives_nothing_more()
    {
        var count = 0;
        var subscription = AgentSide.Subscribe<RunControl>(new Subscription("agent.*"), (_, _) =>
        {
            Interlocked.Increment(ref count);
            return ValueTask.CompletedTask;
        });
        await subscription.Established.WaitAsync(Cancellation);
        await subscription.DisposeAsync();
        var later = new TaskCompletionSource();
        await using var witness = AgentSide.Subscribe<RunControl>(new Subscription("agent.*"), (_, _) =>
        {
            later.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await witness.Established.WaitAsync(Cancellation);
        await ServiceSide.Publish(new RunControl("a", Guid.Empty, 1, WantedOfRun.Run, null), Cancellation);
        await later.Task.WaitAsync(Cancellation);
        Assert.Equal(0, count);
    }

    static RunOffered Offer() => new(Guid.CreateVersion7(), Guid.CreateVersion7(), "default", [], DateTimeOffset.MaxValue);

    static AgentCapacityChanged Capacity() => new()
    {
        AgentId = "a",
        Name = "a",
        Host = "h",
        Queues = [],
        Tags = [],
        Slots = 1,
        FreeSlots = 0,
        Sequence = 1,
        Version = "0",
    };
}
