using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;

namespace Holoflow.Agent.Tests;

/// <summary>How runs end, with real processes.</summary>
public class EndingTests
{
    const string Start = """
        j=$HOLOFLOW_RUN_DIR/journal.ndjson
        say() { printf '%s\n' "$1" >>"$j"; }
        say '{"k":"flow-started","n":1,"t":"2026-01-01T00:00:00Z","attempt":1,"processId":'$$',"host":"here"}'

        """;

    [Theory]
    [InlineData("exit 0", RunReport.Completed, null)]
    [InlineData("exit 3", RunReport.Failed, "exited with status 3")]
    [InlineData("kill -9 $$", RunReport.Crashed, "killed by signal 9 (SIGKILL)")]
    [InlineData("kill -SEGV $$", RunReport.Crashed, "killed by signal 11 (SIGSEGV)")]
    public async Task A_program_without_a_journal_ends_as_its_process_does(string script, RunReport report, string? message)
    {
        await using var bench = await AgentBench.Start();
        var (run, end) = await bench.Run(script);
        Assert.Equal((report, message), (end.Report, end.Message));
        Assert.Equal(RunReport.Started, run.Reports[0].Report);
    }

    [Theory]
    [InlineData("exit 0", RunReport.Crashed, "exited with status 0 without ending its journal")]
    [InlineData("exit 3", RunReport.Crashed, "exited with status 3 without ending its journal")]
    [InlineData("kill -9 $$", RunReport.Crashed, "killed by signal 9 (SIGKILL)")]
    [InlineData("""say '{"k":"flow-ended","n":2,"attempt":1,"type":"Completed","result":{"a":1}}'""", RunReport.Completed, null)]
    [InlineData("""say '{"k":"flow-ended","n":2,"attempt":1,"type":"Failed","message":"no dish"}'; exit 1""", RunReport.Failed, "no dish")]
    [InlineData("""printf '{"k":"flow-ended","n":2,"attempt":1,"type":"Comp' >>$j""", RunReport.Crashed, "exited with status 0 without ending its journal")]
    public async Task A_flow_ends_as_its_journal_says(string script, RunReport report, string? message)
    {
        await using var bench = await AgentBench.Start();
        var (_, end) = await bench.Run(Start + script);
        Assert.Equal((report, message), (end.Report, end.Message));
        if (report == RunReport.Completed)
            Assert.Equal("""{"a":1}""", end.Result!.Value.GetRawText());
    }

    [Fact]
    public async Task A_missing_program_fails_with_its_name()
    {
        await using var bench = await AgentBench.Start();
        var run = await bench.Store.Submit(RecordingStore.Run("/nowhere/flow.dll"));
        var end = await bench.Store.End(run);
        Assert.Equal((RunReport.Failed, $"program '/nowhere/flow.dll' does not exist on {Environment.MachineName}"), (end.Report, end.Message));
    }

    [Fact]
    public async Task A_file_that_is_not_executable_fails_with_what_would_be_right()
    {
        await using var bench = await AgentBench.Start();
        var path = bench.Home.In("data.txt");
        await File.WriteAllTextAsync(path, "text", TestContext.Current.CancellationToken);
        var end = await bench.Store.End(await bench.Store.Submit(RecordingStore.Run(path)));
        Assert.Equal(RunReport.Failed, end.Report);
        Assert.Contains("set its execute permission", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dll_that_is_not_a_program_fails()
    {
        await using var bench = await AgentBench.Start();
        var path = bench.Home.In("not-a-program.dll");
        await File.WriteAllTextAsync(path, "text", TestContext.Current.CancellationToken);
        var run = await bench.Store.Submit(RecordingStore.Run(path));
        var end = await bench.Store.End(run);
        Assert.NotEqual(RunReport.Completed, end.Report);
        Assert.Contains(run.Texts("stderr"), line => line.Contains("not-a-program", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_working_directory_fails_with_its_name()
    {
        await using var bench = await AgentBench.Start();
        var (_, end) = await bench.Run("exit 0", r => r with { Program = r.Program with { WorkingDirectory = "/nowhere/at/all" } });
        Assert.Equal(RunReport.Failed, end.Report);
        Assert.Contains("'/nowhere/at/all'", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_working_directory_is_used_where_it_lies_and_left_as_it_is()
    {
        await using var bench = await AgentBench.Start();
        var place = System.IO.Directory.CreateDirectory(bench.Home.In("work place")).FullName;
        await File.WriteAllTextAsync(Path.Combine(place, "before"), "x", TestContext.Current.CancellationToken);
        var (run, end) = await bench.Run("pwd; touch after", r => r with { Program = r.Program with { WorkingDirectory = place } });
        Assert.Equal(RunReport.Completed, end.Report);
        Assert.Equal([place], run.Texts("stdout"));
        Assert.Equal(["after", "before"], System.IO.Directory.GetFileSystemEntries(place).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_flow_that_takes_too_long_is_ended_as_timed_out()
    {
        await using var bench = await AgentBench.Start(o => o with { CancelGrace = TimeSpan.FromMilliseconds(200) });
        var (_, end) = await bench.Run("trap '' TERM; while :; do sleep 1; done", r => r with { Program = r.Program with { TimeoutSeconds = 0.3 } });
        Assert.Equal((RunReport.Failed, "TimedOut", "timed out after 0.3 s"), (end.Report, end.Name, end.Message));
    }
}
