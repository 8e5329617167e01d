using Holoflow.RunProtocol.Journal;
using Holoflow.SampleClusterFlows;
using Holoflow.Servers;
using Holoflow.Slurm.Queue;
using Holoflow.Slurm.Tests.Calls;
using Holoflow.Slurm.Tests.Support;

namespace Holoflow.Slurm.Tests.Tasks;

/// <summary>What becomes of tasks whose allocation Slurm ends, or never said that it has: no job is left, none is doubled, nothing finished is executed again.</summary>
public sealed class AllocationFaultTests(SharedCluster shared)
{
    static readonly string[] OneSlot = ["processes: 1", "cores: 1", "memory: 100MiB", "maximum_allocations: 1"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_that_had_its_whole_walltime_fails_with_that_name()
    {
        await using var flow = new ClusterFlow("Witnesses", shared.Cluster, [.. OneSlot, "walltime: 1"]);
        flow.Start(new(Count: 1, Use.Array, flow.Witnesses, Release: flow.InFolder("never")));
        Assert.Equal("Failed", (await flow.End()).Type);
        Assert.Contains(flow.Journal().OfType<TaskChanged>(), state => state is { Name: "TimeLimit", Message: "its allocation ended: its walltime was over" });
        Assert.Equal([1], flow.Executions.Values);
        Assert.Single(await AllJobs(shared.Cluster, flow));
        Assert.Empty(await flow.JobsLeft());
    }

    [Fact]
    public async Task A_task_whose_allocation_was_preempted_is_executed_again_and_finished_ones_are_not()
    {
        await using var cluster = await SlurmCluster.Start();
        await using var flow = new ClusterFlow("Witnesses", cluster, "memory: 100MiB");
        var parameters = new ClusterParameters(Count: 2, Use.Pool, flow.Witnesses, Release: flow.InFolder("release"));
        flow.Start(parameters);
        await Wait.Until(() => Task.FromResult(flow.Executions.Count == 2 ? flow : null), () => "the tasks do not start");
        await cluster.Ask("sbatch", "--partition=urgent", "--nodes=4", "--exclusive", "--time=1", "--output=/dev/null", "--wrap=true");
        await Wait.Until(() => Task.FromResult(flow.Executions.Values.Sum() == 4 ? flow : null), () => $"they are not executed again: {string.Join('\n', flow.Log().TakeLast(20))}");
        await File.WriteAllTextAsync(parameters.Release!, "", Cancellation);
        Assert.Equal("Completed", (await flow.End()).Type);
        Assert.Equal([2, 2], flow.Executions.Values);
        Assert.Contains(flow.Journal().OfType<AllocationChanged>(), a => a is { State: "Preempted", Phase: "Ended" });
        Assert.Empty(await flow.JobsLeft());
    }

    [Fact]
    public async Task An_allocation_that_somebody_requeues_works_on()
    {
        await using var flow = new ClusterFlow("Witnesses", shared.Cluster, OneSlot);
        var parameters = new ClusterParameters(Count: 2, Use.Pool, flow.Witnesses, Release: flow.InFolder("release"));
        flow.Start(parameters);
        await Wait.Until(() => Task.FromResult(flow.Executions.Count == 1 ? flow : null), () => "no task starts");
        Assert.NotEqual("", await shared.Cluster.Ask("scontrol", "requeue", $"{Assert.Single(await flow.JobsLeft())}"));
        await File.WriteAllTextAsync(parameters.Release!, "", Cancellation);
        Assert.Equal("Completed", (await flow.End()).Type);
        Assert.Equal([1, 1], flow.Executions.Values);
        Assert.Single(await AllJobs(shared.Cluster, flow));
        Assert.Empty(await flow.JobsLeft());
    }

    [Fact]
    public async Task A_submission_that_timed_out_and_was_accepted_is_neither_lost_nor_doubled()
    {
        using var commands = new StandInCommands().With("sbatch", "/usr/bin/sbatch \"$@\" >/dev/null\necho 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2\nexit 1");
        await using var flow = new ClusterFlow("Witnesses", shared.Cluster, OneSlot) { Commands = commands.Directory };
        Assert.Equal("Completed", (await flow.Run(new(Count: 2, Use.Pool, flow.Witnesses))).Type);
        Assert.Equal([1, 1], flow.Executions.Values);
        Assert.Equal(1, commands.Count("sbatch"));
        Assert.Single(await AllJobs(shared.Cluster, flow));
        Assert.Empty(await flow.JobsLeft());
    }

    static async Task<IReadOnlyList<QueueEntry>> AllJobs(SlurmCluster cluster, ClusterFlow flow)
    {
        var queue = await new Bench(cluster).Queue();
        return [.. queue.Entries.Where(e => e.Key is { } key && key.Text.Contains($"{flow.RunId:N}", StringComparison.Ordinal))];
    }
}
