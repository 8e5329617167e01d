using Holoflow.RunProtocol.Journal;
using Holoflow.SampleClusterFlows;
using Holoflow.Servers;
using Holoflow.Slurm.Tests.Support;

namespace Holoflow.Slurm.Tests.Tasks;

/// <summary>What holds wherever tasks are executed.</summary>
public abstract class TaskRunnerCompliance(SlurmCluster? cluster, Use use)
{
    ClusterFlow Flow(string method) => new(method, cluster);

    [Fact]
    public async Task Values_of_every_kind_go_there_and_come_back()
    {
        await using var flow = Flow("Values");
        var end = await flow.Run(new(Count: 4, use));
        Assert.True(end.Type == "Completed", string.Join('\n', flow.Log()));
        Assert.Equal("200034", $"{end.Result}");
        Assert.Equal(7, flow.Journal().OfType<TaskChanged>().Count(state => state.Type == "Completed"));
    }

    [Fact]
    public async Task What_a_task_says_is_in_the_log_of_the_run_while_it_works()
    {
        await using var flow = Flow("Speaks");
        var release = flow.InFolder("release");
        flow.Start(new(Use: use, Release: release));
        var journal = await flow.UntilJournal(j => j.OfType<Logged>().Any(l => l.Message == "printed") && j.OfType<Progressed>().Any() && j.OfType<ArtifactMade>().Any() && HasItsAllocation(j), "the task is silent");
        var task = Assert.Single(journal.OfType<TaskCreated>()).Task;
        Assert.Contains(journal.OfType<Logged>(), line => line.Task == task && line is { Message: "said by a task", Level: LogLevel.Warning, Logger: "speak" });
        Assert.Contains(journal.OfType<Progressed>(), progress => progress is { Task: var of, Fraction: 0.25, Message: "a quarter" } && of == task);
        Assert.Equal("spoken", Assert.Single(journal.OfType<ArtifactMade>(), made => made.Task == task).Key);
        Assert.DoesNotContain(journal.OfType<TaskChanged>(), state => state.Type == "Completed");
        await File.WriteAllTextAsync(release, "", TestContext.Current.CancellationToken);
        Assert.Equal("Completed", (await flow.End()).Type);
        var allocations = flow.Journal().OfType<AllocationChanged>().ToList();
        Assert.Equal(cluster is null ? 0 : 1, allocations.Select(a => (a.Key, a.ArrayIndex, a.JobId)).Distinct().Count());
        Assert.All(allocations, a => Assert.Equal("test", a.Cluster));
        Assert.Equal(cluster is null ? [] : [task], allocations.SelectMany(a => a.Tasks));
        if (cluster is not null)
            Assert.Equal(["Running", "Ended"], allocations.Select(a => a.Phase).Distinct().Where(phase => phase != "Waiting"));
        Assert.Equal(["Running", "Completed"], flow.Journal().OfType<TaskChanged>().Where(s => s.Name != "AwaitingAllocation").Select(s => s.Type));

        // Slurm is asked now and then: a task speaks before the queue says that its job executes.
        bool HasItsAllocation(IReadOnlyList<JournalEntry> journal) => cluster is null || journal.OfType<AllocationChanged>().Any(a => a.Phase == "Running");
    }

    [Fact]
    public async Task A_failure_is_retried_by_its_type_and_skips_what_depends_on_it()
    {
        await using var flow = Flow("Failures");
        var end = await flow.Run(new(Use: use, Directory: flow.Witnesses));
        Assert.Equal("Completed; Failed: InvalidOperationException: no: word; TimedOut; Skipped", $"{end.Result}");
        var journal = flow.Journal();
        var once = journal.OfType<TaskCreated>().Single(task => task.TaskName == "fail-once").Task;
        Assert.Equal(2, journal.OfType<TaskChanged>().Last(state => state.Task == once).RunCount);
        var refused = journal.OfType<TaskCreated>().Single(task => task.TaskName == "refuse").Task;
        Assert.Equal(1, journal.OfType<TaskChanged>().Last(state => state.Task == refused).RunCount);
        Assert.Contains(flow.Log(), line => line.Contains("no: word", StringComparison.Ordinal) && line.Contains("ClusterFlows.cs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_ends_what_it_started()
    {
        await using var flow = Flow("Witnesses");
        flow.Start(new(Count: 3, use, flow.Witnesses, Release: flow.InFolder("never")));
        await Wait.Until(() => Task.FromResult(Directory.EnumerateFiles(flow.Witnesses).Any(file => new FileInfo(file).Length > 0) ? flow : null), () => "no task starts");
        await flow.Signal("TERM");
        Assert.Equal("Cancelled", (await flow.End()).Type);
        Assert.All(flow.Journal().OfType<TaskChanged>().GroupBy(state => state.Task), states => Assert.Equal("Cancelled", states.Last().Type));
        Assert.All(Directory.EnumerateFiles(flow.Witnesses), file => Assert.False(File.ReadAllText(file) is { Length: > 0 } process && LivingProcess.Is(process), $"{file} is executed on"));
        if (cluster is not null)
            Assert.Empty(await flow.JobsLeft());
    }

    [Fact]
    public async Task What_was_finished_is_not_executed_again_when_the_flow_process_was_killed()
    {
        await using var flow = Flow("Witnesses");
        var parameters = new ClusterParameters(Count: 6, use, flow.Witnesses, Seconds: 0.3, Pack: 2);
        flow.Start(parameters);
        await flow.UntilJournal(journal => journal.OfType<TaskChanged>().Any(state => state.Type == "Completed"), "no task is completed");
        await flow.Kill();
        var finished = flow.Journal().OfType<TaskChanged>().Where(state => state.Type == "Completed").Select(state => state.Task).ToHashSet();
        Assert.Equal("Completed", (await flow.Run(parameters)).Type);
        var created = flow.Journal().OfType<TaskCreated>().ToDictionary(task => task.Task, task => task.MapIndex!.Value);
        Assert.All(finished, task => Assert.Equal(1, flow.Executions[created[task]]));
        // On a cluster not even what was running is lost: it goes on without its flow process.
        if (cluster is not null)
            Assert.All(flow.Executions.Values, count => Assert.Equal(1, count));
    }
}

public sealed class LocalTaskRunnerTests() : TaskRunnerCompliance(null, Use.Pool);

public sealed class SlurmPoolTests(SharedCluster shared) : TaskRunnerCompliance(shared.Cluster, Use.Pool);

public sealed class SlurmArrayTests(SharedCluster shared) : TaskRunnerCompliance(shared.Cluster, Use.Array);
