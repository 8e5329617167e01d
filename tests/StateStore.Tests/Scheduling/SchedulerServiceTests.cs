using System.Threading.Channels;
using Holoflow.Contracts;
using Holoflow.Scheduler;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.StateStore.Tests.Scheduling;

public abstract class SchedulerServiceTests : StoreTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_due_run_is_offered_when_it_is_submitted_and_a_slot_is_free()
    {
        await using var store = await Start();
        var offers = Offers(store);
        await using var scheduler = Scheduler(store);
        await scheduler.StartAsync(Cancellation);
        await store.Bus.Publish(Agent(), Cancellation);
        var run = store.NewRun() with { Tags = ["gpu"] };
        await store.Ask(run);
        var offer = await offers.ReadAsync(Cancellation);
        Assert.Equal((run.RunId, "default"), (offer.RunId, offer.Queue));
        Assert.Equal(["gpu"], offer.Tags);
    }

    [Fact]
    public async Task A_run_that_falls_due_wakes_the_scheduler_without_a_bell()
    {
        await using var store = await Start();
        var offers = Offers(store);
        await using var scheduler = Scheduler(store, new SchedulerOptions { SweepEvery = TimeSpan.FromHours(1) });
        await store.Ask(store.NewRun() with { DueAt = store.Time.GetUtcNow().AddMilliseconds(150) });
        await scheduler.StartAsync(Cancellation);
        await store.Bus.Publish(Agent(), Cancellation);
        Assert.Equal("default", (await offers.ReadAsync(Cancellation)).Queue);
    }

    [Fact]
    public async Task No_more_runs_are_offered_than_slots_are_free_and_the_next_follows_when_one_frees()
    {
        // A clock that stands: an offer that lapsed would be made again.
        var time = new ManualTime(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
        await using var store = await Start(time: time);
        var offers = Offers(store);
        await using var scheduler = Scheduler(store);
        scheduler.Listen();
        var runs = Enumerable.Range(0, 5).Select(_ => store.NewRun()).ToList();
        foreach (var run in runs)
        {
            await store.Ask(run);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await store.Bus.Publish(Agent(slots: 2), Cancellation);
        await Passes(scheduler, offered: 2);
        Assert.Equal(0, (await scheduler.RunOnce(Cancellation)).Offered);
        var first = await offers.ReadAsync(Cancellation);
        var granted = (await store.Ask(new ClaimRun(first.RunId, "agent-1", first.OfferId))).Run!;
        await store.Report(granted, RunReport.Completed);
        await store.Bus.Publish(Agent(slots: 2, sequence: 2), Cancellation);
        await Passes(scheduler, offered: 1);
        Assert.Equal(runs.Take(3).Select(r => r.RunId), [first.RunId, (await offers.ReadAsync(Cancellation)).RunId, (await offers.ReadAsync(Cancellation)).RunId]);
    }

    [Fact]
    public async Task A_lost_offer_is_made_again_when_it_lapses()
    {
        await using var store = await Start();
        var offers = Offers(store);
        await using var scheduler = Scheduler(store, new SchedulerOptions { OfferLifetime = TimeSpan.FromMilliseconds(50) });
        await scheduler.StartAsync(Cancellation);
        await store.Bus.Publish(Agent(), Cancellation);
        await store.Ask(store.NewRun());
        var first = await offers.ReadAsync(Cancellation);
        var second = await offers.ReadAsync(Cancellation);
        Assert.Equal(first.RunId, second.RunId);
        Assert.NotEqual(first.OfferId, second.OfferId);
    }

    [Fact]
    public async Task Runs_that_no_agent_takes_hide_none_behind_them()
    {
        await using var store = await Start();
        var offers = Offers(store);
        for (var i = 0; i < 50; i++)
            await store.Ask(store.NewRun());
        var fitting = store.NewRun() with { Tags = ["gpu"] };
        await store.Ask(fitting);
        await using var scheduler = Scheduler(store);
        scheduler.Listen();
        await store.Bus.Publish(Agent() with { Tags = ["gpu"] }, Cancellation);
        await Passes(scheduler, offered: 1);
        Assert.Equal(fitting.RunId, (await offers.ReadAsync(Cancellation)).RunId);
    }

    [Fact]
    public async Task Two_schedulers_make_one_run_of_a_fire_time()
    {
        await using var store = await Start();
        await store.Ask(Deployment(new ScheduleDefinition { IntervalSeconds = 1, CatchUp = "all" }));
        await Backdate(store, TimeSpan.FromSeconds(20));
        await using var one = Scheduler(store);
        await using var two = Scheduler(store);
        await Task.WhenAll(one.RunOnce(Cancellation), two.RunOnce(Cancellation));
        Assert.True((long)(await store.Scalar("SELECT COUNT(*) FROM flow_runs"))! >= 20);
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) - COUNT(DISTINCT fire_time) FROM flow_runs"));
    }

    [Theory]
    [InlineData("all", 20, 22)]
    [InlineData("last", 1, 1)]
    [InlineData("none", 0, 0)]
    public async Task Fire_times_missed_while_nothing_ran_are_made_up_for_by_policy(string policy, int least, int most)
    {
        await using var store = await Start();
        await store.Ask(Deployment(new ScheduleDefinition { IntervalSeconds = 1000, CatchUp = policy, AnchorDate = store.Time.GetUtcNow().AddSeconds(-500) }));
        await Backdate(store, TimeSpan.FromSeconds(20_600));
        await using var scheduler = Scheduler(store);
        var pass = await scheduler.RunOnce(Cancellation);
        Assert.InRange(pass.Submitted, least, most);
        Assert.Equal(0, (await scheduler.RunOnce(Cancellation)).Submitted);
    }

    [Fact]
    public async Task A_schedule_that_was_paused_makes_up_for_nothing_when_it_is_resumed()
    {
        await using var store = await Start();
        var deployment = (await store.Ask(Deployment(new ScheduleDefinition { IntervalSeconds = 1000, CatchUp = "all" }))).Id!.Value;
        await store.Ask(new SetSchedulesActive(deployment, false));
        await Backdate(store, TimeSpan.FromSeconds(20_600));
        await store.Ask(new SetSchedulesActive(deployment, true));
        await using var scheduler = Scheduler(store);
        Assert.InRange((await scheduler.RunOnce(Cancellation)).Submitted, 0, 1);
    }

    static SchedulerService Scheduler(StoreUnderTest store, SchedulerOptions? options = null) =>
        new(store.Bus, store.Database, options ?? new SchedulerOptions(), store.Time, NullLogger<SchedulerService>.Instance);

    /// <summary>Makes passes until so many runs were offered: the bells come by themselves, some time after the commit.</summary>
    static async Task Passes(SchedulerService scheduler, int offered)
    {
        for (var sum = 0; sum < offered;)
        {
            Cancellation.ThrowIfCancellationRequested();
            sum += (await scheduler.RunOnce(Cancellation)).Offered;
            await Task.Yield();
        }
    }

    static ChannelReader<RunOffered> Offers(StoreUnderTest store)
    {
        var offers = Channel.CreateUnbounded<RunOffered>();
        store.Bus.Subscribe<RunOffered>(new("offer.#"), (offer, _) => offers.Writer.WriteAsync(offer));
        return offers.Reader;
    }

    static AgentCapacityChanged Agent(int slots = 1, long sequence = 1) => new()
    {
        AgentId = "agent-1",
        Name = "agent-1",
        Host = "here",
        Queues = ["default"],
        Tags = [],
        Slots = slots,
        FreeSlots = slots,
        Sequence = sequence,
        Version = "1",
    };

    static DefineDeployment Deployment(ScheduleDefinition schedule) => new()
    {
        FlowName = "observe",
        Name = "nightly",
        Program = new RunProgram { Path = "/opt/observe.dll" },
        ParameterSchema = StoreUnderTest.Json("{}"),
        Parameters = StoreUnderTest.Json("""{"beam": 1}"""),
        Queue = "default",
        Infrastructure = "process",
        Schedules = [schedule],
    };

    /// <summary>Lets time pass for the schedules: nothing looked at them for so long.</summary>
    static Task Backdate(StoreUnderTest store, TimeSpan by) =>
        store.Writer.Write(session => session.Execute("UPDATE schedules SET advanced_through = advanced_through - $1", (long)by.TotalMicroseconds), Cancellation);
}
