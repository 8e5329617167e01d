using Holoflow.RunProtocol.Journal;
using Holoflow.SampleClusterFlows;
using Holoflow.Slurm.Tests.Support;

namespace Holoflow.Slurm.Tests.Tasks;

/// <summary>What happens to a flow's jobs when its process dies, when somebody else cancels them, and when they never start.</summary>
public sealed class FlowFaultTests(SharedCluster shared)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flow_process_that_is_killed_while_20_jobs_run_goes_on_with_them()
    {
        await using var flow = new ClusterFlow("Witnesses", shared.Cluster, "memory: 100MiB");
        var parameters = new ClusterParameters(Count: 20, Use.Array, flow.Witnesses, Release: flow.InFolder("release"));
        flow.Start(parameters);
        await Wait.Until(() => Task.FromResult(flow.Executions.Count >= 6 ? flow : null), () => "the jobs do not start");
        await flow.Kill();
        var jobs = await flow.JobsLeft();
        flow.Start(parameters);
        await flow.UntilJournal(j => j.OfType<Logged>().Any(line => line.Message.StartsWith("an earlier attempt left 1 jobs, 1 of which", StringComparison.Ordinal)), "nothing is taken up");
        await File.WriteAllTextAsync(parameters.Release!, "", Cancellation);
        Assert.Equal("Completed", (await flow.End()).Type);
        Assert.Equal(20, flow.Executions.Count);
        Assert.All(flow.Executions.Values, count => Assert.Equal(1, count));
        Assert.Single(jobs);
        Assert.Single(Directory.GetDirectories(flow.Directory.Allocations));
        Assert.Empty(await flow.JobsLeft());
    }

    [Fact]
    public async Task Where_the_profile_says_so_the_jobs_of_a_killed_flow_process_are_cancelled()
    {
        await using var flow = new ClusterFlow("Witnesses", shared.Cluster, "after_crash: cancel");
        var parameters = new ClusterParameters(Count: 2, Use.Pool, flow.Witnesses, Release: flow.InFolder("release"));
        flow.Start(parameters);
        await Wait.Until(() => Task.FromResult(flow.Executions.Count == 2 ? flow : null), () => "the tasks do not start");
        await flow.Kill();
        var before = await flow.JobsLeft();
        Assert.NotEmpty(before);
        flow.Start(parameters);
        await Wait.Until(async () => !(await flow.JobsLeft()).Intersect(before).Any() ? flow : null, () => "the old jobs are still there");
        await File.WriteAllTextAsync(parameters.Release!, "", Cancellation);
        Assert.Equal("Completed", (await flow.End()).Type);
        Assert.All(flow.Executions.Values, count => Assert.Equal(2, count));
        Assert.Empty(await flow.JobsLeft());
    }

    [Fact]
    public async Task A_job_that_somebody_cancels_fails_what_it_was_executing_and_nothing_else()
    {
        await using var flow = new ClusterFlow("Witnesses", shared.Cluster, "processes: 1", "cores: 1", "maximum_allocations: 1");
        var parameters = new ClusterParameters(Count: 3, Use.Pool, flow.Witnesses, Release: flow.InFolder("release"));
        flow.Start(parameters);
        await Wait.Until(() => Task.FromResult(flow.Executions.Count == 1 ? flow : null), () => "no task starts");
        var job = Assert.Single(await flow.JobsLeft());
        await shared.Cluster.Ask("scancel", $"{job}");
        await flow.UntilJournal(j => j.OfType<TaskChanged>().Any(state => state.Name == "CancelledOutside"), "the cancelled job is not noticed");
        await File.WriteAllTextAsync(parameters.Release!, "", Cancellation);
        Assert.Equal("Failed", (await flow.End()).Type);
        Assert.Equal([1, 1, 1], flow.Executions.Values);
        Assert.Equal(2, flow.Journal().OfType<TaskChanged>().Count(state => state.Type == "Completed"));
    }

    [Fact]
    public async Task A_job_that_never_starts_says_why_and_is_cancelled_with_its_run()
    {
        await using var flow = new ClusterFlow("Witnesses", shared.Cluster, "partition: closed");
        flow.Start(new(Count: 1, Use.Array));
        await flow.UntilJournal(
            j => j.OfType<TaskChanged>().Any(state => state is { Name: "AwaitingAllocation", Message: var why } && why!.Contains("(job ", StringComparison.Ordinal) && why.Contains("partition", StringComparison.Ordinal)), "nobody says why it waits");
        await flow.Signal("TERM");
        Assert.Equal("Cancelled", (await flow.End()).Type);
        Assert.Empty(await flow.JobsLeft());
    }

    [Fact]
    public async Task A_refused_job_fails_its_tasks_with_the_words_of_the_site()
    {
        await using var flow = new ClusterFlow("Witnesses", shared.Cluster, "partition: nowhere");
        Assert.Equal("Failed", (await flow.Run(new(Count: 2, Use.Array))).Type);
        Assert.All(flow.Journal().OfType<TaskChanged>().GroupBy(state => state.Task), states => Assert.Contains("there is no such partition", states.Last().Message, StringComparison.Ordinal));
    }
}
