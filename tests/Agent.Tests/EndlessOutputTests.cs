using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;

namespace Holoflow.Agent.Tests;

/// <summary>Runs when no other test of the suite does: the memory of the process is then its own.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;

/// <summary>A flow that prints 1 GB.</summary>
[Collection(nameof(AloneCollection))]
public class EndlessOutputTests
{
    [Fact]
    public async Task Of_an_endless_output_the_beginning_and_the_end_are_kept()
    {
        const long size = 1_000_000_000;
        await using var bench = await AgentBench.Start(o => o with { StreamLimit = 1024 * 1024 });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (run, end) = await bench.Run($"echo first; yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -c {size}; echo last");
        Assert.Equal(RunReport.Completed, end.Report);
        var lines = run.Texts("stdout").ToList();
        Assert.Equal("first", lines[0]);
        Assert.EndsWith("last", lines[^1], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.StartsWith("[output over 1048576 bytes is left out here", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith("bytes are left out here]", StringComparison.Ordinal));
        Assert.InRange(lines.Sum(l => l.Length), 1024 * 1024, 2 * 1024 * 1024);
        Assert.InRange(run.LargestChunk, 1, 256 * 1024);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 32 * 1024 * 1024);
    }
}
