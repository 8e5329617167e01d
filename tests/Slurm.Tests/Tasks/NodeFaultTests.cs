using Holoflow.RunProtocol.Journal;
using Holoflow.SampleClusterFlows;
using Holoflow.Servers;
using Holoflow.Slurm.Tests.Support;

namespace Holoflow.Slurm.Tests.Tasks;

/// <summary>A node and the controller of a cluster of this class's own die under a flow.</summary>
public sealed class NodeFaultTests
{
    [Fact]
    public async Task A_dead_node_costs_what_it_was_executing_and_a_dead_controller_nothing()
    {
        await using var cluster = await SlurmCluster.Start();
        await using var flow = new ClusterFlow("Witnesses", cluster, "cores: 4", "memory: 1000MiB");
        var parameters = new ClusterParameters(Count: 4, Use.Pool, flow.Witnesses, Release: flow.InFolder("release"));
        flow.Start(parameters);
        await Wait.Until(() => Task.FromResult(flow.Executions.Count == 4 ? flow : null), () => "the tasks do not start");
        var queue = await new Bench(cluster).Queue();
        var node = queue.Find((await flow.JobsLeft())[0])!.Nodes;
        await cluster.KillNode(node);
        await Wait.Until(() => Task.FromResult(flow.Executions.Values.Sum() == 6 ? flow : null), () => $"what ran on {node} is not executed again: {string.Join('\n', flow.Log().TakeLast(20))}");

        await cluster.StopController();
        await File.WriteAllTextAsync(parameters.Release!, "", TestContext.Current.CancellationToken);
        await flow.UntilJournal(j => j.OfType<TaskChanged>().Count(state => state.Type == "Completed") == 4, "the results need the controller");
        await cluster.StartController();
        Assert.Equal("Completed", (await flow.End()).Type);
        Assert.Equal([1, 1, 2, 2], flow.Executions.Values.Order());
        Assert.Contains(flow.Log(), line => line.StartsWith($"node {node} is not used any more", StringComparison.Ordinal));
        Assert.Empty(await flow.JobsLeft());
    }
}
