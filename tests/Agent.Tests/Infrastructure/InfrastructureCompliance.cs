using Holoflow.Agent.Processes;
using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;

namespace Holoflow.Agent.Tests.Infrastructure;

/// <summary>What holds of a run wherever it is executed: a process of the agent's machine, or a Slurm job.</summary>
public abstract class InfrastructureCompliance
{
    private protected abstract Task<AgentBench> Start(Func<AgentOptions, AgentOptions>? with = null);

    [Fact]
    public async Task Both_streams_arrive_whole_with_the_last_half_line()
    {
        await using var bench = await Start();
        var (run, end) = await bench.Run("seq 1 20000; echo two >&2; printf 'no newline'");
        Assert.Equal(RunReport.Completed, end.Report);
        Assert.Equal(RunReport.Started, run.Reports[0].Report);
        Assert.Equal([.. Enumerable.Range(1, 20000).Select(i => $"{i}"), "no newline"], run.Texts("stdout"));
        Assert.Equal(["two"], run.Texts("stderr"));
    }

    [Theory]
    [InlineData("exit 0", RunReport.Completed, null)]
    [InlineData("exit 3", RunReport.Failed, "exited with status 3")]
    [InlineData("kill -SEGV $$", RunReport.Crashed, "killed by signal 11 (SIGSEGV)")]
    public async Task A_program_without_a_journal_ends_as_its_process_does(string script, RunReport report, string? message)
    {
        await using var bench = await Start();
        var (_, end) = await bench.Run(script);
        Assert.Equal((report, message), (end.Report, end.Message));
    }

    [Fact]
    public async Task A_flow_ends_as_its_journal_says()
    {
        await using var bench = await Start();
        var (run, end) = await bench.Run("""
            j=$HOLOFLOW_RUN_DIR/journal.ndjson
            printf '%s\n' '{"k":"flow-started","n":1,"t":"2026-01-01T00:00:00Z","attempt":1,"processId":1,"host":"h"}' \
                '{"k":"log","n":2,"t":"2026-01-01T00:00:00Z","level":"Information","message":"hello"}' \
                '{"k":"flow-ended","n":3,"attempt":1,"type":"Completed","result":{"a":1}}' >>$j
            """);
        Assert.Equal((RunReport.Completed, """{"a":1}"""), (end.Report, end.Result!.Value.GetRawText()));
        Assert.Equal(["hello"], run.Lines.Where(l => l.Source == 0).Select(l => l.Text));
    }

    [Fact]
    public async Task Arguments_environment_and_working_directory_reach_the_program_byte_for_byte()
    {
        const string Value = "a 'b' \"c\" $(id) `id` #SBATCH\n--wrap=id \\ %j é漢";
        await using var bench = await Start();
        var folder = Directory.CreateDirectory(bench.Home.In("it's a $(folder)")).FullName;
        var (run, _) = await bench.Run(
            "printf '%s' \"$ODD\" >odd; pwd; cat \"$HOLOFLOW_RUN_DIR/parameters.json\"",
            r => r with { Program = r.Program with { WorkingDirectory = folder, Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ODD"] = Value } } });
        Assert.Equal([folder, "{}"], run.Texts("stdout"));
        Assert.Equal(Value, await File.ReadAllTextAsync(Path.Combine(folder, "odd"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Cancel_asks_the_flow_process_first()
    {
        await using var bench = await Start();
        var run = await bench.Submit("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        await bench.Store.Until(() => run.Texts("stdout").Contains("up"));
        await bench.Store.Control(run, WantedOfRun.Cancel);
        Assert.Equal(RunReport.Cancelled, (await bench.Store.End(run)).Report);
        Assert.Equal(["up", "bye"], run.Texts("stdout"));
    }

    [Fact]
    public async Task Cancel_ends_what_ignores_it_and_its_children_too()
    {
        await using var bench = await Start(o => o with { CancelGrace = TimeSpan.FromMilliseconds(300) });
        var run = await bench.Submit("""
            trap '' TERM
            sleep 1000 & echo $!
            sh -c 'sleep 1001 & echo $!; wait' &
            wait; while :; do sleep 0.1; done
            """);
        await bench.Store.Until(() => run.Texts("stdout").Count() == 2);
        await bench.Store.Control(run, WantedOfRun.Cancel);
        Assert.Equal(RunReport.Cancelled, (await bench.Store.End(run)).Report);
        Assert.All(run.Texts("stdout"), id => Assert.Null(ProcessIdentity.Of(int.Parse(id))));
    }

    [Fact]
    public async Task A_run_that_was_taken_away_is_killed_and_not_reported()
    {
        await using var bench = await Start();
        bench.Store.LeaseSeconds = 0.9;
        var run = await bench.Submit("sleep 1000 & echo $!; wait");
        await bench.Store.Until(() => run.Texts("stdout").Any());
        bench.Store.TakeAway(run);
        await bench.Agent.DrainAsync().WaitAsync(bench.Store.Patience, TestContext.Current.CancellationToken);
        Assert.Null(ProcessIdentity.Of(int.Parse(run.Texts("stdout").Single())));
        Assert.Null(run.End);
    }

    [Fact]
    public async Task A_run_that_takes_longer_than_it_was_given_is_ended()
    {
        await using var bench = await Start(o => o with { CancelGrace = TimeSpan.FromMilliseconds(300) });
        var (_, end) = await bench.Run("trap '' TERM; while :; do sleep 0.1; done", r => r with { Program = r.Program with { TimeoutSeconds = 1 } });
        Assert.Equal((RunReport.Failed, "TimedOut", "timed out after 1 s"), (end.Report, end.Name, end.Message));
    }

    [Fact]
    public async Task What_a_flow_leaves_behind_is_ended()
    {
        await using var bench = await Start();
        var (run, end) = await bench.Run("sleep 1000 & echo $!; exit 0");
        Assert.Equal(RunReport.Completed, end.Report);
        Assert.Null(ProcessIdentity.Of(int.Parse(run.Texts("stdout").Single())));
    }

    [Fact]
    public async Task A_missing_program_fails_with_its_name()
    {
        await using var bench = await Start();
        var run = RecordingStore.Run("/nowhere/flow.dll");
        var end = await bench.Store.End(await bench.Store.Submit(run with { Program = run.Program with { Cluster = bench.Cluster } }));
        Assert.Equal((RunReport.Failed, $"program '/nowhere/flow.dll' does not exist on {Environment.MachineName}"), (end.Report, end.Message));
    }

    [Fact]
    public async Task An_agent_that_starts_again_takes_its_run_up_without_gap_or_repeat()
    {
        await using var bench = await Start();
        var run = await bench.Submit($"for i in $(seq 1 500); do echo $i; [ $i != 250 ] || while [ ! -e {bench.Home.In("go")} ]; do sleep 0.02; done; done; exit 4");
        await bench.Store.Until(() => run.Lines.Count == 250);
        await bench.Agent.StopAsync();
        await File.WriteAllTextAsync(bench.Home.In("go"), "", TestContext.Current.CancellationToken);
        await bench.StartAgent();
        var end = await bench.Store.End(run);
        Assert.Equal((RunReport.Failed, "exited with status 4"), (end.Report, end.Message));
        Assert.Equal(Enumerable.Range(1, 500).Select(i => $"{i}"), run.Texts("stdout"));
        Assert.Equal(500, run.LinesReceived);
    }
}

public sealed class ProcessRunTests : InfrastructureCompliance
{
    private protected override Task<AgentBench> Start(Func<AgentOptions, AgentOptions>? with = null) => AgentBench.Start(with);
}

public sealed class JobRunTests(SharedCluster shared) : InfrastructureCompliance
{
    private protected override async Task<AgentBench> Start(Func<AgentOptions, AgentOptions>? with = null) => await AgentBench.Start(await shared.Cluster(), with);
}
