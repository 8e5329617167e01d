using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;
using Holoflow.Messaging.InProcess;
using Holoflow.RunProtocol;
using Holoflow.Servers;
using Holoflow.Slurm.Queue;

namespace Holoflow.Agent.Tests.Infrastructure;

/// <summary>Runs that are Slurm jobs, on a Slurm of their own that breaks; and agents that are killed with such runs.</summary>
public sealed class JobFaultTests : IAsyncLifetime
{
    const string Endless = "echo up; while :; do sleep 0.05; done";

    SlurmCluster _cluster = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await SlurmCluster.Start();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Its_node_fails()
    {
        await using var bench = await AgentBench.Start(_cluster);
        var run = await Running(bench);
        await _cluster.KillNode((await JobsOf(run.Run.RunId)).Single().Nodes);
        var end = await bench.Store.End(run);
        Assert.Equal((RunReport.Crashed, "NodeFailed", "its Slurm job: its node failed"), (end.Report, end.Name, end.Message));
        Assert.Single(await JobsOf(run.Run.RunId));
    }

    [Fact]
    public async Task A_more_important_job_takes_its_place()
    {
        await using var bench = await AgentBench.Start(_cluster);
        var run = await Running(bench);
        await _cluster.Ask("sbatch", "--partition=urgent", "--nodes=4", "--exclusive", "--time=1", "--output=/dev/null", "--wrap=true");
        var end = await bench.Store.End(run);
        Assert.Equal((RunReport.Crashed, "Preempted", "its Slurm job: a more important job took its place"), (end.Report, end.Name, end.Message));
        Assert.Single(await JobsOf(run.Run.RunId));
    }

    [Fact]
    public async Task The_controller_is_away_while_it_runs_and_ends()
    {
        await using var bench = await AgentBench.Start(_cluster);
        var run = await bench.Submit($"echo up; while [ ! -e {bench.Home.In("go")} ]; do sleep 0.02; done; echo done; exit 3");
        await bench.Store.Until(() => run.Texts("stdout").Contains("up"));
        await _cluster.StopController();
        await File.WriteAllTextAsync(bench.Home.In("go"), "", Cancellation);
        var end = await bench.Store.End(run);
        Assert.Equal((RunReport.Failed, "exited with status 3"), (end.Report, end.Message));
        Assert.Equal(["up", "done"], run.Texts("stdout"));
        await _cluster.StartController();
    }

    [Fact]
    public async Task Its_output_cannot_be_kept_for_a_while()
    {
        await using var bench = await AgentBench.Start(_cluster);
        // It prints when what keeps its output has opened the device: that line is refused.
        var opened = $"for p in /proc/[0-9]*; do [ \"$(readlink $p/fd/1)\" = /dev/full ] && grep -qs {bench.Home.Path} $p/environ && break; done";
        var run = RecordingStore.Run(bench.Home.Program($"until {opened}; do sleep 0.02; done; echo one; echo witness >>{bench.Home.In("witness")}; exit 3"));
        run = run with { Program = run.Program with { Cluster = bench.Cluster } };
        var directory = new RunDirectory(Path.Combine(bench.Home.Path, "runs", run.RunId.ToString()));
        Directory.CreateDirectory(directory.Path);
        // Every write into this device fails as on a full disk. The agent holds it open, so that it never sees the mark in the file that follows: FullDiskTests does.
        File.CreateSymbolicLink(directory.Stdout(1), "/dev/full");
        var stored = await bench.Store.Submit(run);
        await FileSignal.Appeared(directory.ExitStatus(1), Cancellation);
        File.Delete(directory.Stdout(1));
        var end = await bench.Store.End(stored);
        Assert.Equal((RunReport.Failed, "exited with status 3"), (end.Report, end.Message));
        Assert.Single(await File.ReadAllLinesAsync(bench.Home.In("witness"), Cancellation));
        Assert.Single(await JobsOf(run.RunId));
    }

    [Fact]
    public async Task The_agent_is_killed_while_its_job_runs_and_its_next_start_goes_on_without_gap_or_repeat()
    {
        using var home = new TemporaryHome();
        var bus = new InProcessBus(requestTimeout: TimeSpan.FromSeconds(1));
        await using var store = new RecordingStore(bus) { Patience = JobProfile.Patience };
        await using var server = await BridgeServer.Start(bus);
        JobProfile.Write(home.Path);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SLURM_CONF"] = _cluster.Configuration };
        var granted = RecordingStore.Run(home.Program($"for i in $(seq 1 400); do echo $i; [ $i != 200 ] || while [ ! -e {home.In("go")} ]; do sleep 0.02; done; done; exit 4"));
        StoredRun run;
        await using (var first = await AgentProcess.Start(server.Url, home.Path, "default", environment))
        {
            run = await store.Submit(granted with { Program = granted.Program with { Cluster = JobProfile.Name } });
            await store.Until(() => run.Lines.Count == 200);
            await first.Kill();
        }

        await File.WriteAllTextAsync(home.In("go"), "", Cancellation);
        await FileSignal.Appeared(new RunDirectory(Path.Combine(home.Path, "runs", granted.RunId.ToString())).ExitStatus(1), Cancellation);
        await using var second = await AgentProcess.Start(server.Url, home.Path, "default", environment);
        var end = await store.End(run);
        Assert.Equal((RunReport.Failed, "exited with status 4"), (end.Report, end.Message));
        Assert.Equal(Enumerable.Range(1, 400).Select(i => $"{i}"), run.Texts("stdout"));
        Assert.Single(await JobsOf(granted.RunId));
    }

    [Fact]
    public async Task The_agent_is_killed_before_its_submission_was_answered_and_the_job_is_found()
    {
        using var home = new TemporaryHome();
        using var folder = new TemporaryHome();
        // Accepts the job, and answers nobody for as long as the agent lives.
        folder.Program("/usr/bin/sbatch \"$@\" >/dev/null; : >\"${0%/*}/accepted\"; while kill -0 $PPID; do sleep 0.05; done 2>/dev/null", "sbatch");
        var bus = new InProcessBus(requestTimeout: TimeSpan.FromSeconds(1));
        await using var store = new RecordingStore(bus) { Patience = JobProfile.Patience };
        await using var server = await BridgeServer.Start(bus);
        JobProfile.Write(home.Path);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SLURM_CONF"] = _cluster.Configuration };
        var granted = RecordingStore.Run(home.Program($"echo once; echo witness >>{home.In("witness")}"));
        StoredRun run;
        await using (var first = await AgentProcess.Start(server.Url, home.Path, "default", new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}" }))
        {
            run = await store.Submit(granted with { Program = granted.Program with { Cluster = JobProfile.Name } });
            await FileSignal.Appeared(folder.In("accepted"), Cancellation);
            await first.Kill();
        }

        await using var second = await AgentProcess.Start(server.Url, home.Path, "default", environment);
        Assert.Equal(RunReport.Completed, (await store.End(run)).Report);
        Assert.Equal(["once"], run.Texts("stdout"));
        Assert.Single(await File.ReadAllLinesAsync(home.In("witness"), Cancellation));
        Assert.Single(await JobsOf(granted.RunId));
    }

    static async Task<StoredRun> Running(AgentBench bench)
    {
        var run = await bench.Submit(Endless);
        await bench.Store.Until(() => run.Texts("stdout").Contains("up"));
        return run;
    }

    Task<IReadOnlyList<QueueEntry>> JobsOf(Guid run) => JobProfile.JobsOf(_cluster, run);
}
