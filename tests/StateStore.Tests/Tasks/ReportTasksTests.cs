using Holoflow.Contracts;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Tasks;

public abstract class ReportTasksTests : StoreTests
{
    const string Tasks = "SELECT key, state_type, state_name, run_count, sequence FROM task_runs ORDER BY created_sequence";

    [Fact]
    public async Task A_batch_leaves_each_task_in_its_last_state_with_its_whole_history()
    {
        await using var store = await Start();
        var run = await store.Started();
        var journal = new JournalOfTest();
        var first = journal.Created("grid-1");
        var second = journal.Created("fit-1", inputs: [new TaskEdge(first, "cube")]);
        journal.Changed(first, "Running", runCount: 1);
        journal.Changed(first, "Failed", "TimedOut");
        journal.Changed(first, "Running", "Retrying", runCount: 2);
        journal.Changed(first, "Completed");
        journal.Changed(second, "Running", runCount: 1);
        var answer = await store.Ask(journal.Report(run));
        Assert.Equal((CommandOutcome.Accepted, 7L), (answer.Outcome, answer.Version));
        Assert.Equal(["grid-1|Completed|Completed|2|6", "fit-1|Running|Running|1|7"], await store.Rows(Tasks));
        Assert.Equal(
            ["Pending", "Running", "TimedOut", "Retrying", "Completed"],
            await store.Rows("SELECT s.state_name FROM task_run_states s JOIN task_runs t ON t.id = s.task_id WHERE t.key = 'grid-1' ORDER BY s.sequence"));
        Assert.Equal(["cube"], await store.Rows("SELECT name FROM task_edges"));
    }

    [Fact]
    public async Task Batches_that_come_twice_or_crossed_change_nothing_and_a_gap_is_refused()
    {
        await using var store = await Start();
        var run = await store.Started();
        var journal = new JournalOfTest();
        var tasks = Enumerable.Range(1, 30).Select(i => journal.Created($"t-{i}")).ToList();
        foreach (var task in tasks)
            journal.Changed(task, "Running", runCount: 1);
        foreach (var task in tasks)
            journal.Changed(task, "Completed");
        var batches = journal.Batches(run, 20);
        Assert.Equal(CommandOutcome.Refused, (await store.Ask(batches[2])).Outcome);
        for (var sent = 0; sent < batches.Count; sent++)
        {
            // Repeats of what was sent, and what is still ahead, come between.
            foreach (var ahead in batches.Skip(sent + 1))
                Assert.Equal((CommandOutcome.Refused, batches[sent].After!.Value), await store.Ask(ahead) is var refused ? (refused.Outcome, refused.Version) : default);
            Assert.Equal(CommandOutcome.Accepted, (await store.Ask(batches[sent])).Outcome);
            Assert.Equal(CommandOutcome.Ignored, (await store.Ask(batches[sent / 2])).Outcome);
        }

        Assert.Equal(["30|30|90"], await store.Rows("SELECT COUNT(*), COUNT(*) FILTER (WHERE state_type = 'Completed'), (SELECT COUNT(*) FROM task_run_states) FROM task_runs"));
    }

    [Fact]
    public async Task A_fenced_agent_is_refused_and_what_made_no_sense_is_dropped_alone()
    {
        await using var store = await Start();
        var run = await store.Started();
        var journal = new JournalOfTest();
        var task = journal.Created("t-1");
        journal.Changed(task, "Completed");
        journal.Changed(task, "Running");
        journal.Changed(task, "Exploded");
        journal.Changed(Guid.CreateVersion7(), "Running");
        Assert.Equal(CommandOutcome.Refused, (await store.Ask(journal.Report(run with { Epoch = run.Epoch + 1 }))).Outcome);
        var answer = await store.Ask(journal.Report(run));
        Assert.Equal(CommandOutcome.Accepted, answer.Outcome);
        Assert.StartsWith("3 entries were dropped; entry 3: a task run cannot go from Completed to Running", answer.Reason, StringComparison.Ordinal);
        Assert.Equal(["t-1|Completed|Completed|0|2"], await store.Rows(Tasks));
    }

    [Fact]
    public async Task A_task_of_another_run_cannot_be_changed()
    {
        await using var store = await Start();
        var mine = await store.Started();
        var other = await store.Started();
        var journal = new JournalOfTest();
        var task = journal.Created("t-1");
        await store.Ask(journal.Report(mine));
        var hostile = new JournalOfTest();
        hostile.Changed(task, "Failed");
        Assert.NotNull((await store.Ask(hostile.Report(other))).Reason);
        Assert.Equal(["t-1|Pending|Pending|0|1"], await store.Rows(Tasks));
    }

    [Fact]
    public async Task What_a_process_left_open_ends_with_it_nested_runs_and_their_tasks_too()
    {
        await using var store = await Start();
        var run = await store.Started();
        var journal = new JournalOfTest();
        var nested = journal.Nested("inner");
        journal.Changed(journal.Created("outer-1"), "Running", runCount: 1);
        journal.Changed(journal.Created("inner-1", nested), "Running", runCount: 1, nested: nested);
        var done = journal.Created("outer-2");
        journal.Changed(done, "Completed");
        await store.Ask(journal.Report(run));
        Assert.Equal(["inner|Running"], await store.Rows("SELECT flow_name, state_type FROM flow_runs WHERE parent_run_id IS NOT NULL"));
        Assert.Equal(CommandOutcome.Refused, (await store.Ask(new CancelRun(nested, null))).Outcome);
        await store.Report(run, RunReport.Crashed, "killed by signal 9");
        Assert.Equal(["outer-1|Crashed", "inner-1|Crashed", "outer-2|Completed"], await store.Rows("SELECT key, state_type FROM task_runs ORDER BY created_sequence"));
        Assert.Equal(["Crashed"], await store.Rows("SELECT state_type FROM flow_runs WHERE parent_run_id IS NOT NULL"));
    }

    [Fact]
    public async Task Reports_after_the_end_are_told_but_open_nothing()
    {
        await using var store = await Start();
        var run = await store.Started();
        var journal = new JournalOfTest();
        var task = journal.Created("t-1");
        journal.Changed(task, "Running", runCount: 1);
        await store.Ask(journal.Report(run));
        await store.Report(run, RunReport.Crashed);
        journal.Changed(task, "Completed");
        journal.Changed(journal.Created("t-2"), "Running", runCount: 1);
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(journal.Report(run))).Outcome);
        Assert.Equal(["t-1|Completed", "t-2|Crashed"], await store.Rows("SELECT key, state_type FROM task_runs ORDER BY created_sequence"));
    }

    [Fact]
    public async Task Progress_keeps_the_newest_and_artifacts_all()
    {
        await using var store = await Start();
        var run = await store.Started();
        var journal = new JournalOfTest();
        var task = journal.Created("t-1");
        journal.Add(RunEventKind.Progressed);
        journal.Replace(e => e with { Task = task, Fraction = 0.25 });
        journal.Add(RunEventKind.Progressed);
        journal.Replace(e => e with { Task = task, Fraction = 0.5, Message = "half" });
        journal.Add(RunEventKind.ArtifactMade);
        journal.Replace(e => e with { Subject = Guid.CreateVersion7(), Key = "beam", Type = "markdown", Data = StoreUnderTest.Json("\"# Beam\"") });
        journal.Add(RunEventKind.ArtifactMade);
        journal.Replace(e => e with { Subject = Guid.CreateVersion7(), Key = "beam", Type = "markdown", Data = StoreUnderTest.Json("\"# Better\"") });
        await store.Ask(journal.Report(run));
        Assert.Equal(["0.5|half"], await store.Rows("SELECT fraction, message FROM progress"));
        Assert.Equal(["\"# Beam\"", "\"# Better\""], await store.Rows("SELECT data FROM artifacts ORDER BY sequence"));
    }
}
