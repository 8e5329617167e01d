using System.Text.Json;
using Holoflow.Servers;

namespace Holoflow.Cli.Tests.Processes;

/// <summary><c>holoflow run</c> with all services in its process.</summary>
public sealed class RunTests : IDisposable
{
    readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_flow_runs_to_its_end_and_leaves_its_history()
    {
        var outcome = await Run(HoloflowProcess.Sample("Mapped"), "-p", "count=5");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal("", outcome.Errors);
        Assert.Contains("the sum is 55", outcome.Output, StringComparison.Ordinal);
        Assert.Matches("run [a-z]+-[a-z]+ of flow mapped: Completed after", outcome.Lines[^1]);
        var run = Assert.Single(await JsonOutput.Rows(_home.Path, "flow-run", "ls"));
        Assert.Equal("Completed", run.At("state", "name"));
        var tasks = await JsonOutput.Rows(_home.Path, "task-run", "ls", "--flow-run", run.At("name")!);
        Assert.Equal(6, tasks.Count);
        Assert.Contains("Adds up", (await HoloflowProcess.Run(_home.Path, "task-run", "inspect", tasks.Single(task => task.At("taskName") == "sum").At("id")!)).Output, StringComparison.Ordinal);
        Assert.Contains("the sum is 55", (await HoloflowProcess.Run(_home.Path, "flow-run", "logs", run.At("id")!)).Output, StringComparison.Ordinal);
        Assert.Equal("5", (await JsonOutput.One(_home.Path, "flow-run", "inspect", run.At("id")!)).At("parameters", "count"));
    }

    [Fact]
    public async Task An_executable_is_an_entrypoint_too()
    {
        var outcome = await Run($"{Path.ChangeExtension(HoloflowProcess.SampleFlows, null)}:Mapped", "-p", "count=3");
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        Assert.Contains("the sum is 14", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_flow_is_exit_code_1()
    {
        var outcome = await Run(HoloflowProcess.Sample("Throws"));
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Failed after", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("the flow's own failure", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_run_is_retried_here_and_goes_on_where_it_stopped()
    {
        var witnesses = _home.In("witnesses");
        Assert.Equal(1, (await Run(HoloflowProcess.Sample("FailThenSucceed"), "-p", $"directory={witnesses}")).ExitCode);
        var run = Assert.Single(await JsonOutput.Rows(_home.Path, "flow-run", "ls"));

        var again = await HoloflowProcess.Run(_home.Path, "flow-run", "retry", run.At("name")!);
        Assert.True(again.ExitCode == 0, again.Output + again.Errors);
        Assert.Contains(": Completed", again.Lines[^1], StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(witnesses, "witness.*"));
        Assert.Equal(["Completed 1", "Completed 2"], (await JsonOutput.Rows(_home.Path, "task-run", "ls")).Select(t => $"{t.At("state", "name")} {t.At("runCount")}").Order());

        var third = await HoloflowProcess.Run(_home.Path, "flow-run", "retry", run.At("name")!);
        Assert.Equal(1, third.ExitCode);
        Assert.Contains("there is nothing to retry", third.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.In("agents")));
    }

    [Fact]
    public async Task A_failed_run_is_retried_by_the_server_that_the_settings_name()
    {
        var witnesses = _home.In("witnesses");
        Assert.Equal(1, (await Run(HoloflowProcess.Sample("FailThenSucceed"), "-p", $"directory={witnesses}")).ExitCode);
        var run = Assert.Single(await JsonOutput.Rows(_home.Path, "flow-run", "ls")).At("id")!;
        await using var server = HoloflowProcess.Start(_home.Path, ["server", "start", "--port", "0"]);
        await server.Shows("Ctrl-C stops it");

        using var elsewhere = new TemporaryFolder();
        var url = server.OutputSoFar().Split(' ').Single(w => w.StartsWith("http://", StringComparison.Ordinal) && !w.Contains('='));
        await using var retry = HoloflowProcess.Start(elsewhere.Path, ["flow-run", "retry", run], new Dictionary<string, string>(StringComparer.Ordinal) { ["HOLOFLOW_API_URL"] = url });
        Assert.Contains("will run again", (await retry.Outcome()).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await HoloflowProcess.Run(_home.Path, "flow-run", "inspect", run, "--watch")).ExitCode);
        Assert.Single(Directory.GetFiles(witnesses, "witness.*"));
        server.Terminate();
        _ = await server.Outcome();
    }

    [Theory]
    [InlineData("Exits", "exited with status 7 without ending its journal")]
    [InlineData("KillsItself", "killed by signal 9 (SIGKILL)")]
    [InlineData("HalfAJournalLine", "killed by signal 9 (SIGKILL)")]
    [InlineData("ThrowsOnForeignThread", "killed by signal 6 (SIGABRT)")]
    public async Task A_flow_whose_process_dies_is_crashed_and_says_of_what(string method, string message)
    {
        var outcome = await Run(HoloflowProcess.Sample(method));
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(": Crashed", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(message, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Children_that_a_flow_leaves_behind_are_ended_and_named()
    {
        var outcome = await Run(HoloflowProcess.Sample("LeavesChildren"), "-p", $"pidFile={_home.In("child")}");
        Assert.Equal(0, outcome.ExitCode);
        var child = (await File.ReadAllTextAsync(_home.In("child"), TestContext.Current.CancellationToken)).Trim();
        Assert.Contains($"{child} (sleep)", outcome.Output, StringComparison.Ordinal);
        Assert.False(LivingProcess.Is(child));
    }

    [Fact]
    public async Task Wrong_parameters_are_all_named_and_nothing_is_created()
    {
        var outcome = await Run(HoloflowProcess.Sample("Mapped"), "-p", "cuont=3", "-p", "count=\"many\"");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("parameter 'cuont' is unknown", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("parameter 'count'", outcome.Errors, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(File.Exists(_home.In("holoflow.db")));
    }

    [Theory]
    [InlineData(":Mapedd", "has no flow method 'Mapedd'; its flows are")]
    [InlineData("", "has several flows; name one")]
    public async Task A_method_that_is_not_there_is_answered_with_those_that_are(string method, string message)
    {
        var outcome = await Run(HoloflowProcess.SampleFlows + method);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("Mapped", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quotes ' \" ` and $(touch owned) `touch owned`; touch owned")]
    [InlineData("two\nlines\tand ../../etc/passwd")]
    [InlineData("4-byte 🛰️ 𝄞, combining e\u0301, right-to-left ‮abc")]
    [InlineData("--plain")]
    [InlineData("@/etc/passwd")]
    public async Task Hostile_text_arrives_byte_for_byte(string text)
    {
        var output = _home.In("echo");
        var outcome = await Run(HoloflowProcess.Sample("Echo"), "-p", $"text={text}", "-p", $"output={output}");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(text, await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(_home.In("owned")));
    }

    [Fact]
    public async Task A_parameter_of_a_mebibyte_is_refused_by_its_size()
    {
        var file = _home.Write("big.json", $$"""{"text":"{{new string('x', 1024 * 1024)}}"}""");
        var outcome = await Run(HoloflowProcess.Sample("Echo"), "--params", file);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("1 MiB", outcome.Errors, StringComparison.Ordinal);
        Assert.True(outcome.Errors.Length < 500);
    }

    [Fact]
    public async Task Ctrl_C_cancels_the_run_and_waits_until_it_is_cancelled()
    {
        var started = _home.In("started");
        await using var process = HoloflowProcess.Start(_home.Path, ["run", HoloflowProcess.Sample("WaitInFlow"), "-p", $"release={_home.In("never")}", "-p", $"started={started}"]);
        await process.Shows("Running");
        process.Interrupt();
        var outcome = await process.Outcome();
        Assert.Equal(130, outcome.ExitCode);
        Assert.Contains("cancelling the run", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(": Cancelled", outcome.Lines[^1], StringComparison.Ordinal);
        Assert.Equal("Cancelled", Assert.Single(await JsonOutput.Rows(_home.Path, "flow-run", "ls")).At("state", "type"));
    }

    [Fact]
    public async Task While_a_run_lasts_the_REST_API_answers_on_a_free_loopback_port()
    {
        var release = _home.In("release");
        await using var process = HoloflowProcess.Start(_home.Path, ["run", HoloflowProcess.Sample("WaitInFlow"), "-p", $"release={release}"]);
        await process.Shows(": Running");
        await process.Shows("/api\n");
        var api = Assert.Single(process.OutputSoFar().Split('\n'), l => l.Contains("REST API answers at", StringComparison.Ordinal)).Split(' ')[^1];
        Assert.StartsWith("http://127.0.0.1:", api, StringComparison.Ordinal);
        using var http = new HttpClient();
        var runs = JsonElement.Parse(await http.GetStringAsync(new Uri(api + "/flow-runs"), TestContext.Current.CancellationToken));
        Assert.Equal("Running", Assert.Single(runs.GetProperty("items").EnumerateArray()).At("state", "name"));
        await File.WriteAllTextAsync(release, "", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await process.Outcome()).ExitCode);
    }

    [Fact]
    public async Task A_second_Ctrl_C_kills_a_flow_that_ignores_the_first()
    {
        var started = _home.In("started");
        await using var process = HoloflowProcess.Start(_home.Path, ["run", HoloflowProcess.Sample("IgnoresTermination"), "-p", $"started={started}"]);
        await process.Shows("Running");
        // Whole: it is made before it is written.
        var flow = "";
        await FileSignal.Until(_home.Path, () => File.Exists(started) && (flow = File.ReadAllText(started)).Length > 0, "the flow told its process", TestContext.Current.CancellationToken);
        process.Interrupt();
        await process.Shows("Ctrl-C again kills its processes");
        await process.Shows("Cancelling");
        process.Interrupt();
        var outcome = await process.Outcome();
        Assert.Equal(130, outcome.ExitCode);
        Assert.Contains(": Cancelled", outcome.Lines[^1], StringComparison.Ordinal);
        Assert.False(LivingProcess.Is(flow));
    }

    [Fact]
    public async Task Many_runs_at_once_share_one_home()
    {
        const int runs = 8;
        const int tasks = 50;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, runs).Select(_ => Run(HoloflowProcess.Sample("NoOps"), "-p", $"count={tasks}")));
        Assert.All(outcomes, o => Assert.Equal((0, ""), (o.ExitCode, o.Errors)));
        Assert.Equal(runs, (await JsonOutput.Rows(_home.Path, "flow-run", "ls", "--state", "Completed")).Count);
        Assert.Equal(runs * tasks, (await JsonOutput.Rows(_home.Path, "task-run", "ls", "--limit", "10000", "--state", "Completed")).Count);
    }

    [Fact]
    public async Task The_demonstration_completes()
    {
        var outcome = await HoloflowProcess.Run(_home.Path, "demo");
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        Assert.True((await JsonOutput.Rows(_home.Path, "task-run", "ls", "--state", "Completed")).Count > 10);
    }

    [Fact]
    public async Task A_flow_program_started_by_hand_becomes_the_command()
    {
        var start = new System.Diagnostics.ProcessStartInfo("dotnet", [HoloflowProcess.SampleFlows, "Empty"]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["HOLOFLOW_HOME"] = _home.Path;
        start.Environment["HOLOFLOW_COMMAND"] = HoloflowProcess.Executable;
        using var program = System.Diagnostics.Process.Start(start)!;
        var output = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, program.ExitCode);
        Assert.Contains("of flow empty: Completed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_is_one_line()
    {
        _home.Write("holoflow.db", new string('x', 8192));
        foreach (var arguments in new string[][] { ["run", HoloflowProcess.Sample("Empty")], ["flow-run", "ls"], ["database", "check"], ["database", "upgrade"] })
        {
            var outcome = await HoloflowProcess.Run(_home.Path, arguments);
            Assert.Equal(1, outcome.ExitCode);
            Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains("holoflow.db", outcome.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_database_is_made_and_checked()
    {
        Assert.Equal(1, (await HoloflowProcess.Run(_home.Path, "database", "check")).ExitCode);
        Assert.Equal(0, (await HoloflowProcess.Run(_home.Path, "database", "upgrade")).ExitCode);
        Assert.Contains("sound, schema version", (await HoloflowProcess.Run(_home.Path, "database", "check")).Output, StringComparison.Ordinal);
    }

    Task<CommandOutcome> Run(params string[] arguments) => HoloflowProcess.Run(_home.Path, ["run", .. arguments]);
}
