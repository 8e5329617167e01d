using Holoflow.Contracts;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.StateStore.Tests.Runs;

public abstract class LeaseTests : StoreTests
{
    static readonly StateStoreOptions Options = new();
    readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_lease_that_nobody_renews_expires_and_one_that_is_renewed_holds()
    {
        await using var store = await Start(null, _time);
        var renewed = await store.Started();
        var broken = await store.Started(agent: "agent-2");
        await Sweep(store, until: Options.LeaseDuration * 3, renewing: renewed);

        Assert.Equal(["Running", "Crashed"], await store.Rows("SELECT state_type FROM flow_runs ORDER BY state_type DESC"));
        Assert.Equal("agent 'agent-2' stopped renewing its lease", await store.Scalar("SELECT state_message FROM flow_runs WHERE state_type = 'Crashed'"));
        Assert.Equal(CommandOutcome.Refused, (await store.Report(broken with { Epoch = broken.Epoch + 1 }, RunReport.Completed, agent: "agent-2")).Outcome);
    }

    [Fact]
    public async Task After_a_time_without_sweeps_agents_first_get_the_chance_to_renew_whichever_store_sweeps()
    {
        await using var store = await Start(null, _time);
        await using var otherWriter = new DatabaseWriter(store.Database);
        var otherBus = new Messaging.InProcess.InProcessBus();
        await using var other = new StateStoreService(otherBus, otherWriter, Options, _time, NullLogger<StateStoreService>.Instance);
        await other.StartAsync(TestContext.Current.CancellationToken);
        var run = await store.Started();
        await Sweep(store, until: Options.LeaseDuration * 2, renewing: run);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, (await store.Ask(new SweepRuns())).LeasesExpired);
        Assert.Equal(0, (await otherBus.Request(new SweepRuns(), TestContext.Current.CancellationToken)).LeasesExpired);
        Assert.True((await store.Ask(new RenewLeases("agent-1", [new HeldRun(run.RunId, run.Epoch)]))).Runs[0].Held);
        _time.Advance(Options.LeaseDuration / 3);
        Assert.Equal(0, (await otherBus.Request(new SweepRuns(), TestContext.Current.CancellationToken)).LeasesExpired);
        for (var expired = 0; expired == 0;)
        {
            _time.Advance(Options.LeaseDuration / 4);
            expired += (await otherBus.Request(new SweepRuns(), TestContext.Current.CancellationToken)).LeasesExpired;
            Assert.True(_time.GetUtcNow().Hour < 5);
        }
    }

    [Fact]
    public async Task A_crashed_run_is_scheduled_again_as_often_as_its_deployment_says_and_then_left_crashed()
    {
        await using var store = await Start(null, _time);
        var run = await store.Started(store.NewRun(program: new RunProgram { Path = "/x", CrashReschedules = 2 }));
        await store.Report(run, RunReport.Crashed, "killed by signal 9");
        Assert.Equal(["Scheduled|AwaitingRetry|1"], await store.Rows("SELECT state_type, state_name, crashes_used FROM flow_runs"));

        await Claimed(store, run);
        await Sweep(store, until: Options.LeaseDuration * 3);
        Assert.Equal(["Scheduled|2"], await store.Rows("SELECT state_type, crashes_used FROM flow_runs"));

        Assert.Equal(3, (await Claimed(store, run)).Attempt);
        await Sweep(store, until: Options.LeaseDuration * 3);
        Assert.Equal(["Crashed|2"], await store.Rows("SELECT state_type, crashes_used FROM flow_runs"));
    }

    [Fact]
    public async Task A_fenced_agent_can_report_nothing_any_more()
    {
        await using var store = await Start(null, _time);
        var first = await store.Started(store.NewRun(program: new RunProgram { Path = "/x", CrashReschedules = 1 }));
        await Sweep(store, until: Options.LeaseDuration * 3);
        var second = await Claimed(store, first, "agent-2");

        var journal = new JournalOfTest();
        journal.Changed(journal.Created("late-1"), "Completed");
        Assert.Equal(CommandOutcome.Refused, (await store.Ask(journal.Report(first))).Outcome);
        Assert.Equal(CommandOutcome.Refused, (await store.Report(first, RunReport.Completed)).Outcome);
        Assert.False((await store.Ask(new RenewLeases("agent-1", [new HeldRun(first.RunId, first.Epoch)]))).Runs[0].Held);
        Assert.Equal(CommandOutcome.Accepted, (await store.Report(second, RunReport.Completed, agent: "agent-2")).Outcome);
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM task_runs"));
    }

    [Fact]
    public async Task A_second_attempt_learns_where_the_stored_journal_ends()
    {
        await using var store = await Start(null, _time);
        var first = await store.Started(store.NewRun(program: new RunProgram { Path = "/x", CrashReschedules = 1 }));
        Assert.Equal(0, first.JournalThrough);
        var journal = new JournalOfTest();
        journal.Changed(journal.Created("t-1"), "Running", runCount: 1);
        journal.Changed(journal.Created("t-2"), "Running", runCount: 1);
        await store.Ask(journal.Report(first));
        await store.Report(first, RunReport.Crashed);
        Assert.Equal(4, (await Claimed(store, first)).JournalThrough);
    }

    static async Task<GrantedRun> Claimed(StoreUnderTest store, GrantedRun run, string agent = "agent-1")
    {
        var again = (await store.Ask(new ClaimRun(run.RunId, agent, Guid.CreateVersion7()))).Run!;
        await store.Report(again, RunReport.Started, agent: agent);
        return again;
    }

    /// <summary>Lets time pass with a sweep every three seconds, as the scheduler does.</summary>
    async Task Sweep(StoreUnderTest store, TimeSpan until, GrantedRun? renewing = null)
    {
        for (var passed = TimeSpan.Zero; passed < until; passed += TimeSpan.FromSeconds(3))
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            if (renewing is not null)
                await store.Ask(new RenewLeases("agent-1", [new HeldRun(renewing.RunId, renewing.Epoch)]));
            await store.Ask(new SweepRuns());
        }
    }
}
