using Holoflow.Contracts;
using Holoflow.Persistence.Model;
using Holoflow.ReadModel.Allocations;
using Holoflow.ReadModel.Scheduling;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Tasks;

/// <summary>The Slurm jobs of runs: told in the journal, or by the agent of a run that is itself one.</summary>
public abstract class AllocationTests : StoreTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    static AllocationReport Job(string key, AllocationPhase phase, string state, string? node = null, int? index = null) => new()
    {
        Key = key, ArrayIndex = index, Cluster = "galaxy", JobId = 17, Phase = phase, State = state, Message = $"it is {state}", Node = node,
    };

    [Fact]
    public async Task Allocations_of_the_journal_are_kept_as_they_are_now()
    {
        await using var store = await Start();
        var run = await store.Started();
        var journal = new JournalOfTest();
        foreach (var job in (AllocationReport[])
        [
            Job("beams-1", AllocationPhase.Waiting, "Pending", index: 0),
            Job("beams-1", AllocationPhase.Waiting, "Pending", index: 1),
            Job("beams-1", AllocationPhase.Running, "Running", "n2", index: 1),
            Job("beams-1", AllocationPhase.Ended, "OutOfMemory", index: 1),
            Job("pool-1", AllocationPhase.Running, "Running", "n3"),
        ])
        {
            journal.Add(RunEventKind.AllocationChanged);
            journal.Replace(e => e with { Allocation = job });
        }

        await store.Ask(journal.Report(run));
        Assert.Equal(CommandOutcome.Ignored, (await store.Ask(journal.Report(run))).Outcome);
        var rows = await Read(store, run);
        Assert.Equal(["beams-1 0 Waiting Pending  0", "beams-1 1 Ended OutOfMemory n2 2", "pool-1 -1 Running Running n3 4"],
            rows.OrderBy(r => r.Key, StringComparer.Ordinal).ThenBy(r => r.ArrayIndex).Select(r => $"{r.Key} {r.ArrayIndex} {r.Phase} {r.State} {r.Node} {(r.StartedAt ?? DateTimeOffset.UnixEpoch).ToUnixTimeSeconds()}"));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(3), rows.Single(r => r.ArrayIndex == 1).EndedAt);
        Assert.All(rows, r => Assert.Equal((17L, "galaxy"), (r.JobId, r.Cluster)));
    }

    [Fact]
    public async Task What_a_job_waited_for_where_it_is_and_which_tasks_it_executed_stay_known()
    {
        await using var store = await Start();
        var run = await store.Started();
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var journal = new JournalOfTest();
        foreach (var job in (AllocationReport[])
        [
            Job("pool-1", AllocationPhase.Waiting, "Pending") with { Message = "no node is free" },
            Job("pool-1", AllocationPhase.Waiting, "Pending") with { Message = "jobs with a higher priority are before it", Partition = "work" },
            Job("pool-1", AllocationPhase.Running, "Running", "n3") with { Tasks = [first] },
            Job("pool-1", AllocationPhase.Running, "Running", "n3") with { Tasks = [first, second] },
            Job("pool-1", AllocationPhase.Ended, "NodeFailed"),
        ])
        {
            journal.Add(RunEventKind.AllocationChanged);
            journal.Replace(e => e with { Allocation = job });
        }

        await store.Ask(journal.Report(run));
        var row = Assert.Single(await Read(store, run));
        Assert.Equal(("jobs with a higher priority are before it", "work", "it is NodeFailed"), (row.WaitedFor, row.Partition, row.Message));
        var tasks = await new RunAllocations(store.Database).TasksOf(run.RunId, TestContext.Current.CancellationToken);
        Assert.Equal([.. new[] { first, second }.Order()], tasks[("pool-1", -1)].Order());
        await store.Report(run, RunReport.Completed);
        await store.Ask(new DeleteRun(run.RunId));
        Assert.Equal(["0"], await store.Rows("SELECT COUNT(*) FROM allocation_tasks"));
    }

    [Fact]
    public async Task The_job_that_a_run_is_tells_why_it_waits_and_needs_no_journal()
    {
        await using var store = await Start();
        var granted = await store.Granted();
        await Tell(store, granted, Job("flow-1", AllocationPhase.Waiting, "Pending") with { Message = "jobs with a higher priority are before it", ExpectedAt = Noon.AddHours(2) }, Noon);
        var now = store.Time.GetUtcNow();
        var facts = (await WaitFacts.Read(store.Database, granted.RunId, now, TestContext.Current.CancellationToken))!;
        var reason = Assert.Single(WaitReasons.Explain(facts, now));
        Assert.Equal(
            (WaitKind.JobInQueue, "an agent has it, and its job 17 of cluster profile 'galaxy' waits since 2026-01-01 12:00:00 UTC: jobs with a higher priority are before it; Slurm expects it to start at 2026-01-01 14:00:00 UTC"),
            (reason.Kind, reason.Text));

        await Tell(store, granted, Job("flow-1", AllocationPhase.Running, "Running", "n1"), Noon.AddMinutes(1));
        // Late, and again.
        await Tell(store, granted, Job("flow-1", AllocationPhase.Waiting, "Pending"), Noon);
        await Tell(store, granted, Job("flow-1", AllocationPhase.Running, "Running", "n1"), Noon.AddMinutes(1));
        var row = Assert.Single(await Read(store, granted));
        Assert.Equal(("Running", "n1", Noon, Noon.AddMinutes(1)), (row.Phase, row.Node, row.RequestedAt, row.StartedAt));
        Assert.Equal(WaitKind.NotWaiting, Assert.Single(WaitReasons.Explain((await WaitFacts.Read(store.Database, granted.RunId, now, TestContext.Current.CancellationToken))!, now)).Kind);
    }

    [Fact]
    public async Task A_fenced_agent_is_refused_and_a_deleted_run_leaves_none()
    {
        await using var store = await Start();
        var run = await store.Started();
        Assert.Equal(CommandOutcome.Refused, (await Tell(store, run with { Epoch = run.Epoch + 1 }, Job("flow-1", AllocationPhase.Running, "Running"), Noon, CommandOutcome.Refused)).Outcome);
        Assert.Empty(await Read(store, run));
        await Tell(store, run, Job("flow-1", AllocationPhase.Running, "Running"), Noon);
        await store.Report(run, RunReport.Completed);
        await store.Ask(new DeleteRun(run.RunId));
        Assert.Equal(["0"], await store.Rows("SELECT COUNT(*) FROM allocations"));
    }

    static async Task<CommandAnswered> Tell(StoreUnderTest store, GrantedRun run, AllocationReport job, DateTimeOffset at, CommandOutcome expected = CommandOutcome.Accepted)
    {
        var answer = await store.Ask(new ReportTasks(run.RunId, "agent-1", run.Epoch, [new RunEvent { Sequence = 0, At = at, Kind = RunEventKind.AllocationChanged, Allocation = job }]));
        Assert.Equal(expected, answer.Outcome);
        return answer;
    }

    static Task<IReadOnlyList<AllocationRow>> Read(StoreUnderTest store, GrantedRun run) => new RunAllocations(store.Database).Of(run.RunId, TestContext.Current.CancellationToken);
}
