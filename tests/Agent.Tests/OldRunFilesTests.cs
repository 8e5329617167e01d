using Holoflow.Agent.State;
using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;

namespace Holoflow.Agent.Tests;

/// <summary>What stays on disk of runs that ended, and for how long.</summary>
public sealed class OldRunFilesTests
{
    static readonly TimeSpan Month = TimeSpan.FromDays(30);

    static DateTime LongAgo => TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-31);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_run_that_ended_long_ago_only_its_products_and_artifacts_stay()
    {
        await using var bench = await Start();
        var (run, _) = await Ended(bench, "echo out; echo product >product.fits; mkdir artifacts results; echo picture >artifacts/a.png; echo kept >results/r; echo >journal.ndjson");
        File.SetLastWriteTimeUtc(bench.Directory(run).Ended, LongAgo);

        Assert.Equal(1, Clear(bench));
        Assert.Equal(["a.png", "product.fits"], Files(bench, run));
        Assert.Equal(0, Clear(bench));
    }

    [Fact]
    public async Task A_directory_with_nothing_of_the_flow_is_gone_whole()
    {
        await using var bench = await Start();
        var (run, _) = await Ended(bench, "echo out");
        File.SetLastWriteTimeUtc(bench.Directory(run).Ended, LongAgo);

        Assert.Equal(1, Clear(bench));
        Assert.False(System.IO.Directory.Exists(bench.Directory(run).Path));
    }

    [Fact]
    public async Task A_run_that_ended_lately_or_not_at_all_or_that_an_agent_holds_is_left_alone()
    {
        await using var bench = await Start();
        var (lately, _) = await Ended(bench, "echo out");
        var (unended, _) = await Ended(bench, "echo out");
        File.Delete(bench.Directory(unended).Ended);
        var (held, _) = await Ended(bench, "echo out");
        File.SetLastWriteTimeUtc(bench.Directory(held).Ended, LongAgo);
        var records = System.IO.Directory.CreateDirectory(bench.Home.In("agents/another/runs")).FullName;
        await File.WriteAllTextAsync(Path.Combine(records, $"{held.Run.RunId:N}.2.json"), "", Cancellation);

        Assert.Equal(0, Clear(bench));
        Assert.All((StoredRun[])[lately, unended, held], run => Assert.Contains("run.json", Files(bench, run)));
    }

    [Fact]
    public async Task A_run_that_is_attempted_again_has_not_ended()
    {
        await using var bench = await Start();
        var (run, _) = await Ended(bench, "exit 1");
        Assert.True(File.Exists(bench.Directory(run).Ended));

        var again = await bench.Store.Submit(run.Run with { Attempt = 2, Epoch = 2, Program = run.Run.Program with { Path = bench.Home.Program("while [ ! -e go ]; do sleep 0.02; done", "second.sh") } });
        var directory = bench.Directory(run);
        await bench.Store.Until(() => File.Exists(directory.Process(2)));
        Assert.False(File.Exists(directory.Ended));
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "go"), "", Cancellation);
        _ = await bench.Store.End(again);
    }

    [Fact]
    public async Task What_a_killed_process_left_half_removed_is_gone_at_the_next_start()
    {
        await using var bench = await Start();
        await bench.Agent.StopAsync();
        var left = bench.Home.In("agents/.removed-x/runs");
        System.IO.Directory.CreateDirectory(left);
        await File.WriteAllTextAsync(Path.Combine(left, "r.json"), "", Cancellation);

        await bench.StartAgent();
        Assert.Equal(["tester"], System.IO.Directory.GetDirectories(bench.Home.In("agents")).Select(Path.GetFileName));
    }

    // Its agent keeps all for ever: what is removed, the test removes.
    static Task<AgentBench> Start() => AgentBench.Start(o => o with { KeepRunFiles = TimeSpan.Zero });

    // The id says that it was made long ago. The agent holds a run a moment longer than until its end is told.
    static async Task<(StoredRun Run, ReportRun End)> Ended(AgentBench bench, string script)
    {
        var (run, end) = await bench.Run(script, r => r with { RunId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddDays(-40)) });
        await bench.Store.Until(() => bench.Agent.HeldRunCount == 0);
        return (run, end);
    }

    static int Clear(AgentBench bench) => new OldRunFiles(bench.Home.Path, Month, TimeProvider.System).RunOnce(Cancellation);

    static IEnumerable<string> Files(AgentBench bench, StoredRun run) =>
        System.IO.Directory.GetFiles(bench.Directory(run).Path, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);
}
