using System.Collections.Concurrent;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.ReadModel.Scheduling;
using Holoflow.Scheduler;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.StateStore.Tests.Scheduling;

/// <summary>Offers by tag, from the scheduler through the transport to the claim.</summary>
public abstract class OfferTagTests : StoreTests
{
    const int Runs = 20;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_matches_two_subscriptions_still_runs_once()
    {
        await using var store = await Start();
        var queue = $"tagged-{Guid.CreateVersion7():N}";
        var claims = new ConcurrentQueue<(Guid Run, string Agent, bool Granted)>();
        var claimedTwice = new TaskCompletionSource<bool>();
        await using var any = Claimer(store, queue, "any", [], claims, claimedTwice);
        await using var gpu = Claimer(store, queue, "gpu", ["gpu"], claims, claimedTwice);
        await Task.WhenAll(any.Established, gpu.Established).WaitAsync(Cancellation);
        await using var scheduler = Scheduler(store);
        await scheduler.StartAsync(Cancellation);
        foreach (var run in Enumerable.Range(0, Runs).Select(_ => store.NewRun() with { Queue = queue, Tags = ["big", "gpu"] }))
            await store.Ask(run);
        var done = claimedTwice.Task.WaitAsync(Cancellation);
        await Task.WhenAll(store.Announced(Agent("any", queue, []), done), store.Announced(Agent("gpu", queue, ["gpu"]), done));

        Assert.Equal(["any", "gpu"], claims.Select(c => c.Agent).Distinct().Order());
        Assert.All(claims.GroupBy(c => c.Run), run => Assert.Single(run, c => c.Granted));
        Assert.Equal((long)Runs, await store.Scalar("SELECT COUNT(*) FROM flow_run_states WHERE state_type = 'Pending'"));
    }

    [Fact]
    public async Task A_run_whose_tags_no_agent_serves_waits_and_says_so()
    {
        await using var store = await Start();
        var queue = $"tagged-{Guid.CreateVersion7():N}";
        var claims = new ConcurrentQueue<(Guid Run, string Agent, bool Granted)>();
        await using var gpu = Claimer(store, queue, "gpu", ["gpu"], claims, new TaskCompletionSource<bool>());
        await gpu.Established.WaitAsync(Cancellation);
        await using var scheduler = Scheduler(store);
        scheduler.Listen();
        var (alien, own) = (store.NewRun() with { Queue = queue, Tags = ["cpu"] }, store.NewRun() with { Queue = queue, Tags = ["cpu", "gpu"] });
        await store.Ask(alien);
        await store.Ask(own);
        for (var (offered, sequence) = (0, 1); offered == 0; sequence++)
        {
            await store.Bus.Publish(Agent("gpu", queue, ["gpu"]) with { Sequence = sequence }, Cancellation);
            offered = (await scheduler.RunOnce(Cancellation)).Offered;
        }

        // The agent's announcement travels with whatever is written next.
        WaitReason reason;
        do
        {
            await store.Ask(new SweepRuns());
            reason = WaitReasons.Explain((await WaitFacts.Read(store.Database, alien.RunId, store.Time.GetUtcNow(), Cancellation))!, store.Time.GetUtcNow())[0];
        }
        while (reason.Kind == WaitKind.NoAgentForQueue && !Cancellation.IsCancellationRequested);
        Assert.Equal((WaitKind.NoAgentForTags, $"every agent of work queue '{queue}' asks for tags that the run lacks; 'gpu' asks for gpu"), (reason.Kind, reason.Text));
        Assert.Equal("Scheduled", await store.Scalar("SELECT MIN(state_type) FROM flow_runs WHERE tags = '[\"cpu\"]'"));
        Assert.DoesNotContain(claims, c => c.Run == alien.RunId);
    }

    static SchedulerService Scheduler(StoreUnderTest store) => new(
        store.Bus, store.Database, new SchedulerOptions { SweepEvery = TimeSpan.FromHours(1), OfferLifetime = TimeSpan.FromHours(1) }, store.Time, NullLogger<SchedulerService>.Instance);

    // An agent as far as offers go.
    static ISubscription Claimer(
        StoreUnderTest store, string queue, string agent, string[] tags, ConcurrentQueue<(Guid Run, string Agent, bool Granted)> claims, TaskCompletionSource<bool> claimedTwice) =>
        store.Bus.Subscribe<RunOffered>(new Subscription(OfferRoute.Pattern(queue, tags), OfferRoute.Queue(queue, tags)), async (offer, _) =>
        {
            var answer = await store.Ask(new ClaimRun(offer.RunId, agent, offer.OfferId));
            claims.Enqueue((offer.RunId, agent, answer.Granted));
            // An offer that is not taken within two seconds is made again: what counts is that each agent asked for each run.
            if (claims.DistinctBy(c => (c.Run, c.Agent)).Count() == 2 * Runs)
                claimedTwice.TrySetResult(true);
        });

    static AgentCapacityChanged Agent(string name, string queue, string[] tags) => new()
    {
        AgentId = name,
        Name = name,
        Host = "here",
        Queues = [queue],
        Tags = tags,
        Slots = Runs,
        FreeSlots = Runs,
        Sequence = 1,
        Version = "1",
    };
}
