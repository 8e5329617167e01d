using Holoflow.HolographyFlow.Parameters;
using Holoflow.RunProtocol;
using Holoflow.Servers;

namespace Holoflow.HolographyFlow.Tests.Flows;

/// <summary>The flow with its beams in the jobs of one array, on a real Slurm of four nodes.</summary>
public sealed class ClusterTests
{
    const string Profile = """
        partition: work
        cores: 2
        memory: 2500MiB
        walltime: 30
        maximum_allocations: 1
        calls_per_minute: 600
        """;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beams_reduced_in_Slurm_allocations_are_those_of_this_machine_byte_by_byte()
    {
        await using var cluster = await SlurmCluster.Start();
        using var observation = await SmallObservation.Simulate();
        static HolographyParameters Small(HolographyParameters p) => p with { Allocation = new AllocationParameters { Cores = 1, MemoryGigabytes = 0.5, WalltimeMinutes = 10 } };
        await observation.Reduced(Small);
        var here = observation.Contents();
        foreach (var folder in new[] { "intermediate", "products", "reports" })
            Directory.Delete(Path.Combine(observation.Root, folder), recursive: true);

        using var flow = new FlowProcess(
            Small(observation.Reduction), new Dictionary<string, string>(StringComparer.Ordinal) { [RunEnvironment.Cluster] = "test", ["SLURM_CONF"] = cluster.Configuration }, Profile);
        using var process = flow.Start();
        try
        {
            await process.WaitForExitAsync(Cancellation);
            Assert.True(process.ExitCode == 0, $"it ended with {process.ExitCode}: {await process.StandardError.ReadToEndAsync(Cancellation)}\n{string.Join('\n', flow.States().Select(task => $"{task.Key}: {string.Join(", ", task.Value)}"))}");
        }
        finally
        {
            process.Kill();
        }
        Assert.Equal(here, observation.Contents());
        var states = flow.States();
        Assert.Equal(3, states.Count(task => task.Key.StartsWith("reduce-beam", StringComparison.Ordinal)));
        Assert.All(states, task => Assert.Equal("Completed", task.Value[^1]));
        Assert.DoesNotContain(states.Keys, name => name.StartsWith("extract-voltages", StringComparison.Ordinal));

        // A partition that the site does not have is refused before the first task.
        using var misspelt = new FlowProcess(
            Small(observation.Reduction), new Dictionary<string, string>(StringComparer.Ordinal) { [RunEnvironment.Cluster] = "test", ["SLURM_CONF"] = cluster.Configuration }, Profile.Replace("work", "wrok", StringComparison.Ordinal));
        using var refused = misspelt.Start();
        await refused.WaitForExitAsync(Cancellation);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Empty(misspelt.States());
        Assert.Contains("there is no partition 'wrok': the site's partitions are closed, urgent, work", misspelt.End, StringComparison.Ordinal);
        Assert.Equal(here, observation.Contents());
    }
}
