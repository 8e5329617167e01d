using System.Threading.Channels;
using Holoflow.Contracts;
using Holoflow.ReadModel.Scheduling;
using Holoflow.Scheduler;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.StateStore.Tests.Runs;

public abstract class ConcurrencyLimitTests : StoreTests
{
    static readonly string[] Tags = ["gpu", "licence"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_no_limit_is_exceeded_and_no_slot_is_kept_by_a_run_that_nobody_holds(int seed)
    {
        await using var store = await Start();
        await store.Ask(new SetConcurrencyLimit("gpu", 2));
        await store.Ask(new SetConcurrencyLimit("licence", 3));
        var random = new Random(seed);
        var runs = Enumerable.Range(0, 12).Select(i => store.NewRun(program: new RunProgram { Path = "/x", CrashReschedules = 100 }) with { Tags = [.. Tags.Where((_, t) => (i & (t + 1)) != 0)] }).ToList();
        await Task.WhenAll(runs.Select(store.Ask));
        var held = new List<GrantedRun>();
        for (var step = 0; step < 60; step++)
        {
            if (held.Count > 0 && random.Next(2) == 0)
            {
                var ending = held[random.Next(held.Count)];
                held.Remove(ending);
                await store.Report(ending, random.Next(2) == 0 ? RunReport.Crashed : RunReport.GivenBack);
            }
            else
            {
                var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.Ask(new ClaimRun(runs[random.Next(runs.Count)].RunId, "agent-1", Guid.CreateVersion7()))));
                held.AddRange(answers.Where(a => a.Granted).Select(a => a.Run!));
            }

            Assert.InRange(held.Count(r => r.Tags.Contains("gpu")), 0, 2);
            Assert.InRange(held.Count(r => r.Tags.Contains("licence")), 0, 3);
            Assert.Equal((long)held.Sum(r => r.Tags.Count), await store.Scalar("SELECT COUNT(*) FROM concurrency_slots"));
        }
    }

    [Fact]
    public async Task A_dead_holder_gives_its_slot_back()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
        await using var store = await Start(new StateStoreOptions { ExpiryHoldOff = TimeSpan.Zero }, time);
        await store.Ask(new SetConcurrencyLimit("gpu", 1));
        await store.Started(Tagged(store));
        var next = Tagged(store);
        await store.Ask(next);
        Assert.Contains("tag 'gpu' has reached its limit of 1", (await Claim(store, next)).Reason, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await store.Ask(new SweepRuns())).LeasesExpired);
        Assert.True((await Claim(store, next)).Granted);
    }

    [Fact]
    public async Task The_next_waiter_is_offered_when_a_slot_is_released_and_not_by_polling()
    {
        await using var store = await Start();
        var offers = Channel.CreateUnbounded<RunOffered>();
        store.Bus.Subscribe<RunOffered>(new("offer.#"), (offer, _) => offers.Writer.WriteAsync(offer));
        await using var scheduler = new SchedulerService(
            store.Bus, store.Database, new SchedulerOptions { SweepEvery = TimeSpan.FromHours(1), OfferLifetime = TimeSpan.FromHours(1) }, store.Time, NullLogger<SchedulerService>.Instance);
        await scheduler.StartAsync(Cancellation);
        await store.Ask(new SetConcurrencyLimit("gpu", 1));
        var (first, second) = (Tagged(store), Tagged(store));
        await store.Ask(first);
        await store.Ask(second);
        await store.Bus.Publish(Agent(1), Cancellation);
        var offer = await offers.Reader.ReadAsync(Cancellation);
        var granted = (await store.Ask(new ClaimRun(offer.RunId, "agent-1", offer.OfferId))).Run!;
        await store.Bus.Publish(Agent(2), Cancellation);
        // An unlimited run is not held up by the limited one before it.
        var free = store.NewRun();
        await store.Ask(free);
        Assert.Equal(free.RunId, (await offers.Reader.ReadAsync(Cancellation)).RunId);
        await store.Report(granted, RunReport.Completed);
        Assert.NotEqual(granted.RunId, (await offers.Reader.ReadAsync(Cancellation)).RunId);
    }

    [Fact]
    public async Task A_run_that_waits_for_a_slot_can_say_so_and_who_holds_it()
    {
        await using var store = await Start();
        await store.Ask(new SetConcurrencyLimit("gpu", 1));
        var holder = await store.Started(Tagged(store));
        var waiting = Tagged(store);
        await store.Ask(waiting);
        var facts = await WaitFacts.Read(store.Database, waiting.RunId, store.Time.GetUtcNow(), Cancellation);
        var reason = WaitReasons.Explain(facts!, store.Time.GetUtcNow())[0];
        Assert.Equal(WaitKind.LimitReached, reason.Kind);
        Assert.StartsWith($"tag 'gpu' has reached its limit of 1: '{holder.RunName}' on agent-1", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_is_changed_taken_away_and_refused_where_it_makes_no_sense()
    {
        await using var store = await Start();
        Assert.Equal(1, (await store.Ask(new SetConcurrencyLimit("gpu", 0))).Version);
        var run = Tagged(store);
        await store.Ask(run);
        Assert.False((await Claim(store, run)).Granted);
        Assert.Equal(CommandOutcome.Ignored, (await store.Ask(new SetConcurrencyLimit("gpu", 0))).Outcome);
        Assert.Equal("slots", (await store.Ask(new SetConcurrencyLimit("gpu", -1))).Field);
        Assert.Equal(CommandOutcome.NotFound, (await store.Ask(new DeleteConcurrencyLimit("cpu"))).Outcome);
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(new DeleteConcurrencyLimit("gpu"))).Outcome);
        Assert.True((await Claim(store, run)).Granted);
    }

    static SubmitRun Tagged(StoreUnderTest store) => store.NewRun() with { Tags = ["gpu"] };

    static Task<ClaimAnswered> Claim(StoreUnderTest store, SubmitRun run) => store.Ask(new ClaimRun(run.RunId, "agent-1", Guid.CreateVersion7()));

    static AgentCapacityChanged Agent(long sequence) => new()
    {
        AgentId = "agent-1",
        Name = "agent-1",
        Host = "here",
        Queues = ["default"],
        Tags = [],
        Slots = 5,
        FreeSlots = 5,
        Sequence = sequence,
        Version = "1",
    };
}
