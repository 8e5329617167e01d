using System.Threading.Channels;
using Holoflow.Contracts;
using Holoflow.ReadModel.Definitions;
using Holoflow.ReadModel.Scheduling;
using Holoflow.Scheduler;
using Holoflow.StateStore.Histories;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.StateStore.Tests.Runs;

/// <summary>Slots of concurrency limits that tasks of running flows ask for.</summary>
public abstract class TaskSlotTests : StoreTests
{
    static readonly string[] Limits = ["gpu", "licence", "telescope"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slot_is_granted_while_one_is_free_and_the_next_waiter_is_told_at_its_release()
    {
        await using var store = await Start();
        var told = await Grants(store);
        await store.Ask(new SetConcurrencyLimit("telescope", 1));
        var (first, second) = (await SlotJournal.Of(store), await SlotJournal.Of(store, "agent-2"));
        var holder = await first.Ask("telescope");
        Assert.Equal(("agent-1", first.Run.RunId, first.Run.Epoch, holder), await told.Next());
        var waiting = await second.Ask("telescope");
        Assert.Equal(1L, await store.Scalar("SELECT COUNT(*) FROM concurrency_slots"));

        await first.GiveBack(holder);
        Assert.Equal(("agent-2", second.Run.RunId, second.Run.Epoch, waiting), await told.Next());
        await second.GiveBack(waiting);
        Assert.Equal("0 0 0", await Left(store));
    }

    [Fact]
    public async Task A_dead_holder_gives_its_slots_back_and_the_next_waiter_gets_them()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
        await using var store = await Start(new StateStoreOptions { ExpiryHoldOff = TimeSpan.Zero }, time);
        var told = await Grants(store);
        await store.Ask(new SetConcurrencyLimit("telescope", 1));
        var (dead, alive) = (await SlotJournal.Of(store), await SlotJournal.Of(store, "agent-2"));
        await dead.Ask("telescope");
        await told.Next();
        var waiting = await alive.Ask("telescope");
        time.Advance(TimeSpan.FromSeconds(8));
        await alive.Renew();
        time.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(1, (await store.Ask(new SweepRuns())).LeasesExpired);
        Assert.Equal(waiting, (await told.Next()).Request);

        // Fenced, the dead one's late words change nothing.
        await dead.Ask("telescope", CommandOutcome.Accepted);
        Assert.Equal(waiting, Assert.Single((await alive.Renew()).Slots!).Request);
        Assert.Equal(1L, await store.Scalar("SELECT COUNT(*) FROM slot_requests"));
    }

    [Fact]
    public async Task A_grant_whose_message_was_lost_and_limits_that_changed_are_in_the_answer_to_a_renewal()
    {
        await using var store = await Start();
        await store.Ask(new SetConcurrencyLimit("telescope", 1));
        var run = await SlotJournal.Of(store);
        Assert.Equal(["telescope"], run.Run.Limited);
        var (granted, _) = (await run.Ask("telescope"), await run.Ask("telescope"));
        await store.Ask(new SetConcurrencyLimit("gpu", 1));
        var answer = await run.Renew();
        Assert.Equal(new GrantedSlots(run.Run.RunId, granted), Assert.Single(answer.Slots!));
        Assert.Equal(["gpu", "telescope"], answer.Limited);
    }

    [Fact]
    public async Task Whoever_waits_goes_on_when_the_limit_is_raised_or_taken_away()
    {
        await using var store = await Start();
        var told = await Grants(store);
        await store.Ask(new SetConcurrencyLimit("telescope", 0));
        var run = await SlotJournal.Of(store);
        var asked = new[] { await run.Ask("telescope"), await run.Ask("telescope"), await run.Ask("telescope") };
        await store.Ask(new SetConcurrencyLimit("telescope", 1));
        Assert.Equal(asked[0], (await told.Next()).Request);
        await store.Ask(new DeleteConcurrencyLimit("telescope"));
        Assert.Equal(asked[1..], new[] { (await told.Next()).Request, (await told.Next()).Request });
    }

    [Fact]
    public async Task A_name_without_a_limit_is_granted_and_a_slot_of_the_run_covers_its_tasks()
    {
        await using var store = await Start();
        var told = await Grants(store);
        await store.Ask(new SetConcurrencyLimit("gpu", 1));
        var run = await SlotJournal.Of(store, tags: ["gpu"]);
        Assert.Equal(await run.Ask("gpu"), (await told.Next()).Request);
        Assert.Equal(await run.Ask("unlimited"), (await told.Next()).Request);
        Assert.Equal(1L, await store.Scalar("SELECT COUNT(*) FROM concurrency_slots"));
    }

    [Fact]
    public async Task Who_waits_for_several_is_not_starved_by_those_who_want_one_and_takes_all_or_none()
    {
        await using var store = await Start();
        var told = await Grants(store);
        await store.Ask(new SetConcurrencyLimit("gpu", 1));
        await store.Ask(new SetConcurrencyLimit("licence", 1));
        var run = await SlotJournal.Of(store);
        var gpu = await run.Ask("gpu");
        await told.Next();
        var both = await run.Ask("gpu", "licence");
        var licence = await run.Ask("licence");
        // The licence is free, and kept for the one who asked first.
        Assert.Equal(1L, await store.Scalar("SELECT COUNT(*) FROM concurrency_slots"));
        await run.GiveBack(gpu);
        Assert.Equal(both, (await told.Next()).Request);
        await run.GiveBack(both);
        Assert.Equal(licence, (await told.Next()).Request);
    }

    [Fact]
    public async Task One_who_no_longer_waits_is_passed_over()
    {
        await using var store = await Start();
        var told = await Grants(store);
        await store.Ask(new SetConcurrencyLimit("telescope", 1));
        var run = await SlotJournal.Of(store);
        var (holder, gone, next) = (await run.Ask("telescope"), await run.Ask("telescope"), await run.Ask("telescope"));
        await run.GiveBack(gone);
        await run.GiveBack(holder);
        Assert.Equal(new[] { holder, next }, new[] { (await told.Next()).Request, (await told.Next()).Request });
    }

    [Fact]
    public async Task Who_waits_and_who_holds_can_be_asked()
    {
        await using var store = await Start();
        await store.Ask(new SetConcurrencyLimit("telescope", 1));
        var (holder, waiter) = (await SlotJournal.Of(store), await SlotJournal.Of(store, "agent-2"));
        await holder.Ask("telescope");
        await waiter.Ask("telescope");
        await waiter.Ask("telescope");
        var reason = Assert.Single(WaitReasons.Explain((await WaitFacts.Read(store.Database, waiter.Run.RunId, store.Time.GetUtcNow(), Cancellation))!, store.Time.GetUtcNow()));
        Assert.Equal(WaitKind.TasksAwaitSlot, reason.Kind);
        Assert.Matches($"^it runs, and 2 of its tasks have waited for a slot of 'telescope' since .*: its limit is 1, and task 'observe-1' of '{holder.Run.RunName}' on agent-1 since .* holds it$", reason.Text);

        var limit = (await new ConcurrencyLimitLists(store.Database).Find("telescope", Cancellation))!;
        Assert.Equal((2, holder.Run.RunName, "observe-1"), (limit.Waiting, Assert.Single(limit.Holding).Name, limit.Holding[0].TaskName));
        Assert.Equal(limit.Waiting, Assert.Single(await new ConcurrencyLimitLists(store.Database).All(Cancellation)).Waiting);
    }

    [Fact]
    public async Task A_run_that_waits_for_a_slot_is_offered_when_a_task_gives_one_back()
    {
        await using var store = await Start();
        var offers = Channel.CreateUnbounded<RunOffered>();
        var queue = $"slots-{Guid.CreateVersion7():N}";
        await using var listening = store.Bus.Subscribe<RunOffered>(new($"offer.{queue}.#"), (offer, _) => offers.Writer.WriteAsync(offer));
        await listening.Established.WaitAsync(Cancellation);
        await store.Ask(new SetConcurrencyLimit("gpu", 1));
        var task = await SlotJournal.Of(store);
        var slot = await task.Ask("gpu");
        await using var scheduler = new SchedulerService(
            store.Bus, store.Database, new SchedulerOptions { SweepEvery = TimeSpan.FromHours(1), OfferLifetime = TimeSpan.FromHours(1) }, store.Time, NullLogger<SchedulerService>.Instance);
        await scheduler.StartAsync(Cancellation);
        var (limited, free) = (store.NewRun() with { Tags = ["gpu"], Queue = queue }, store.NewRun() with { Queue = queue });
        await store.Ask(limited);
        await store.Ask(free);
        var agent = new AgentCapacityChanged { AgentId = "a", Name = "a", Host = "h", Queues = [queue], Tags = [], Slots = 5, FreeSlots = 5, Sequence = 1, Version = "1" };
        Assert.Equal(free.RunId, (await store.Announced(agent, offers.Reader.ReadAsync(Cancellation).AsTask())).RunId);
        await task.GiveBack(slot);
        // Nobody takes the free one: it is offered again and again meanwhile.
        RunOffered next;
        do
            next = await offers.Reader.ReadAsync(Cancellation);
        while (next.RunId == free.RunId);
        Assert.Equal(limited.RunId, next.RunId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_no_limit_is_exceeded_every_batch_may_come_twice_and_nothing_is_left_at_the_end(int seed)
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
        await using var store = await Start(new StateStoreOptions { ExpiryHoldOff = TimeSpan.Zero }, time);
        foreach (var (name, i) in Limits.Select((name, i) => (name, i)))
            await store.Ask(new SetConcurrencyLimit(name, i + 1));
        var random = new Random(seed);
        var runs = new List<SlotJournal>();
        for (var step = 0; step < 80; step++)
        {
            if (runs.Count < 3)
                runs.Add(await SlotJournal.Of(store, $"agent-{step}"));
            var run = runs[random.Next(runs.Count)];
            switch (random.Next(8))
            {
                case 0 when step % 10 == 0:
                    // Its agent dies, and with it the lease.
                    time.Advance(TimeSpan.FromSeconds(8));
                    foreach (var other in runs.Where(r => r != run))
                        await other.Renew();
                    time.Advance(TimeSpan.FromSeconds(8));
                    await store.Ask(new SweepRuns());
                    runs.Remove(run);
                    break;
                case < 3 when run.Open.Count > 0:
                    await run.GiveBack(run.Open[random.Next(run.Open.Count)], twice: random.Next(2) == 0);
                    break;
                default:
                    await run.Ask([.. Limits.Where(_ => random.Next(2) == 0).DefaultIfEmpty("gpu")]);
                    break;
            }

            foreach (var (name, i) in Limits.Select((name, i) => (name, i)))
                Assert.InRange((long)(await store.Scalar($"SELECT COUNT(*) FROM concurrency_slots WHERE limit_name = '{name}'"))!, 0, i + 1);
        }

        // Nobody waits for what is free: all go on when those before them have gone.
        foreach (var run in runs)
        {
            foreach (var request in run.Open.ToList())
                await run.GiveBack(request);
            await store.Report(run.Run, RunReport.Completed, agent: run.Agent);
        }

        Assert.Equal("0 0 0", await Left(store));
        Assert.Empty((await HistoryCheck.Run(store.Database, Cancellation)).Faults);
    }

    // Slots held, requests, waits.
    static async Task<string> Left(StoreUnderTest store) =>
        $"{await store.Scalar("SELECT COUNT(*) FROM concurrency_slots")} {await store.Scalar("SELECT COUNT(*) FROM slot_requests")} {await store.Scalar("SELECT COUNT(*) FROM slot_waits")}";

    static async Task<ToldGrants> Grants(StoreUnderTest store)
    {
        var told = new ToldGrants();
        await store.Bus.Subscribe<RunControl>(new("agent.#"), (control, _) => told.Hear(control)).Established.WaitAsync(Cancellation);
        return told;
    }

    /// <summary>What agents were told, each request once: a message may come twice.</summary>
    sealed class ToldGrants
    {
        readonly Channel<(string Agent, Guid Run, long Epoch, Guid Request)> _told = Channel.CreateUnbounded<(string, Guid, long, Guid)>();
        readonly HashSet<Guid> _known = [];

        public ValueTask Hear(RunControl control)
        {
            foreach (var request in control.Slots ?? [])
            {
                if (_known.Add(request))
                    _told.Writer.TryWrite((control.AgentId, control.RunId, control.Epoch, request));
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask<(string Agent, Guid Run, long Epoch, Guid Request)> Next() => _told.Reader.ReadAsync(Cancellation);
    }

    /// <summary>A running flow whose tasks ask for slots, as its agent tells of it.</summary>
    sealed class SlotJournal(StoreUnderTest store, GrantedRun run, string agent)
    {
        long _sequence;
        int _tasks;

        public GrantedRun Run => run;

        public string Agent => agent;

        public List<Guid> Open { get; } = [];

        public static async Task<SlotJournal> Of(StoreUnderTest store, string agent = "agent-1", IReadOnlyList<string>? tags = null) =>
            new(store, await store.Started(store.NewRun() with { Tags = tags ?? [] }, agent), agent);

        public Task<Guid> Ask(params string[] names) => Ask(names, CommandOutcome.Accepted);

        public Task<Guid> Ask(string name, CommandOutcome outcome) => Ask([name], outcome);

        public async Task GiveBack(Guid request, bool twice = false)
        {
            var batch = Batch(Entry(RunEventKind.SlotsReleased) with { Subject = request });
            await store.Ask(batch);
            if (twice)
                Assert.Equal(CommandOutcome.Ignored, (await store.Ask(batch)).Outcome);
            Open.Remove(request);
        }

        public async Task<LeasesRenewed> Renew() => await store.Ask(new RenewLeases(agent, [new HeldRun(run.RunId, run.Epoch)]));

        async Task<Guid> Ask(IReadOnlyList<string> names, CommandOutcome outcome)
        {
            var (task, request) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            var key = $"observe-{++_tasks}";
            var batch = Batch(
                Entry(RunEventKind.TaskCreated) with { Subject = task, Key = key, TaskName = "observe", RunName = key },
                Entry(RunEventKind.SlotsWanted) with { Subject = request, Task = task, Tags = names });
            Assert.Equal(outcome, (await store.Ask(batch)).Outcome);
            Assert.Equal(CommandOutcome.Ignored, (await store.Ask(batch)).Outcome);
            Open.Add(request);
            return request;
        }

        RunEvent Entry(RunEventKind kind) => new() { Sequence = ++_sequence, At = DateTimeOffset.UnixEpoch, Kind = kind };

        ReportTasks Batch(params RunEvent[] events) => new(run.RunId, agent, run.Epoch, events);
    }
}
