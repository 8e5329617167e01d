using Holoflow.RunProtocol.Journal;
using Holoflow.SampleClusterFlows;
using Holoflow.Slurm.Tests.Support;

namespace Holoflow.Slurm.Tests.Tasks;

/// <summary>Workers that cannot start, and workers that die.</summary>
public sealed class BrokenWorkerTests(SharedCluster shared)
{
    [Theory]
    [InlineData(Use.Pool)]
    [InlineData(Use.Array)]
    public async Task Allocations_whose_workers_cannot_start_are_few_and_fail_what_waits_with_the_workers_own_words(Use use)
    {
        // A runtime that gets no address space ends before its first line of ours.
        await using var flow = new ClusterFlow("Witnesses", shared.Cluster, "prologue: [\"ulimit -v 200000\"]", "maximum_allocations: 1");
        var end = await flow.Run(new(Count: 1, use, flow.Witnesses));
        Assert.Equal("Failed", end.Type);
        var state = flow.Journal().OfType<TaskChanged>().Last();
        Assert.Contains("CoreCLR", state.Message, StringComparison.Ordinal);
        Assert.InRange(Directory.GetDirectories(flow.Directory.Allocations).Length, 2, 4);
        Assert.Empty(await flow.JobsLeft());
    }

    [Theory]
    [InlineData(Use.Pool)]
    [InlineData(Use.Array)]
    public async Task A_worker_that_dies_costs_what_it_was_executing(Use use)
    {
        await using var flow = new ClusterFlow("Killed", shared.Cluster, "processes: 1", "cores: 1", "maximum_allocations: 1");
        var end = await flow.Run(new(Count: 3, use, flow.Witnesses, Pack: 4));
        Assert.StartsWith("WorkerKilled: the process that executed it was killed (signal 9)", $"{end.Result}", StringComparison.Ordinal);
        Assert.Equal([1, 1, 1], flow.Executions.Values);
        Assert.Equal(3, flow.Journal().OfType<TaskChanged>().Count(state => state.Type == "Completed"));
    }

    [Fact]
    public async Task A_task_that_needs_more_memory_gets_it_with_its_retry()
    {
        await using var flow = new ClusterFlow("Hoards", shared.Cluster);
        var end = await flow.Run(new(Use: Use.Array, Retries: 1));
        Assert.Equal("Completed", $"{end.Result}");
        var states = flow.Journal().OfType<TaskChanged>().ToList();
        Assert.Contains(states, state => state is { Name: "AwaitingRetry", Message: var why } && why!.Contains("memory", StringComparison.Ordinal));
        Assert.Equal(2, states[^1].RunCount);
    }
}
