using Holoflow.Cli.Tests.Processes;
using Holoflow.Servers;

namespace Holoflow.Cli.Tests.Terminals;

/// <summary>The live view where it is meant to be, a real pseudo-terminal; plain lines everywhere else.</summary>
public sealed class TerminalTests : IDisposable
{
    const char CtrlC = '\x03';

    readonly TemporaryFolder _home = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_run_is_a_tree_that_is_drawn_in_place_with_its_log_above()
    {
        await using var terminal = PseudoTerminal.Start(_home.Path, "run", HoloflowProcess.Sample("Mapped"), "-p", "count=30");
        var (exitCode, stream) = await terminal.End();
        Assert.True(exitCode == 0, stream);
        var screen = Screen.Of(stream);
        Assert.Matches("^✔ mapped / [a-z]+-[a-z]+  Completed ", Assert.Single(screen.Lines, l => l.Contains("mapped /", StringComparison.Ordinal)));
        Assert.Matches("^├─ [a-z-]+ +━{20}  30/30$", Assert.Single(screen.Lines, l => l.Contains("30/30", StringComparison.Ordinal)));
        Assert.Contains(screen.Lines.TakeWhile(l => !l.StartsWith('✔')), l => l.Contains("| the sum is ", StringComparison.Ordinal));
        Assert.True(screen.Repaints > 0);
        Assert.False(screen.IsCursorHidden);
    }

    [Fact]
    public async Task Colours_of_a_log_are_shown_on_a_terminal_that_wants_them_and_nothing_else_of_it_is_obeyed()
    {
        const string text = "\e[1;32mgood\e[0m then \e[2J\e[Hwiped \e]0;title\a";
        await using var ran = PseudoTerminal.Start(_home.Path, "run", HoloflowProcess.Sample("Echo"), "-p", $"text={text}");
        var (exitCode, stream) = await ran.End();
        Assert.True(exitCode == 0, stream);
        Assert.Contains("\e[1;32mgood\e[0m then ␛[2J␛[Hwiped ␛]0;title␇", stream, StringComparison.Ordinal);
        var run = (await JsonOutput.Rows(_home.Path, "flow-run", "ls")).Single().At("id")!;
        foreach (var (noColour, shown) in new[] { ("", "\e[1;32mgood\e[0m then ␛[2J␛[Hwiped ␛]0;title␇"), ("1", "good then ␛[2J␛[Hwiped ␛]0;title␇") })
        {
            await using var logs = PseudoTerminal.Start(_home.Path, new Dictionary<string, string> { ["NO_COLOR"] = noColour }, "flow-run", "logs", run);
            Assert.Contains(shown, (await logs.End()).Stream, StringComparison.Ordinal);
        }

        var piped = await HoloflowProcess.Run(_home.Path, "flow-run", "logs", run);
        Assert.Contains("| good then ␛[2J␛[Hwiped ␛]0;title␇", piped.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_pipe_the_same_run_is_plain_lines()
    {
        var outcome = await HoloflowProcess.Run(_home.Path, "run", HoloflowProcess.Sample("Mapped"), "-p", "count=30");
        Assert.Equal(0, outcome.ExitCode);
        Assert.DoesNotContain('\e', outcome.Output);
        Assert.DoesNotContain('━', outcome.Output);
        Assert.Matches("task [a-z-]+-1: Completed", outcome.Output);
    }

    [Fact]
    public async Task A_run_under_way_is_watched_and_its_log_followed_from_other_terminals()
    {
        await using var server = HoloflowProcess.Start(_home.Path, ["server", "start", "--port", "0"]);
        await server.Shows("Ctrl-C stops it");
        await using var agent = HoloflowProcess.Start(_home.Path, ["agent", "start", "-q", "default", "--name", "tester"]);
        await agent.Shows("takes runs from default");
        var release = _home.In("release");
        await Does("deployment", "build", HoloflowProcess.Sample("WaitForFile"), "--name", "waits", "-o", _home.In("waits.yaml"), "--apply");
        var flow = (await JsonOutput.Rows(_home.Path, "deployment", "ls")).Single().At("flowName")!;
        var run = (await Does("deployment", "run", $"{flow}/waits", "-p", $"release={release}", "-p", $"started={_home.In("started")}")).Split(' ')[^1].Trim();
        await FileSignal.Appeared(_home.In("started"), Cancellation);

        await using var left = PseudoTerminal.Start(_home.Path, "flow-run", "inspect", run, "--watch");
        await using var watched = PseudoTerminal.Start(_home.Path, "flow-run", "inspect", run, "--watch");
        await using var followed = PseudoTerminal.Start(_home.Path, "flow-run", "logs", run, "--follow");
        await using var piped = HoloflowProcess.Start(_home.Path, ["flow-run", "inspect", run, "--watch"]);
        await piped.Shows(": Running");
        await left.Shows("1 running");
        await left.Type(CtrlC);
        Assert.Equal(130, (await left.End()).ExitCode);
        Assert.Equal("Running", (await JsonOutput.One(_home.Path, "flow-run", "inspect", run)).At("state", "name"));
        await watched.Shows("1 running");
        await followed.Shows("1 running");
        await File.WriteAllTextAsync(release, "", Cancellation);

        var (watchedCode, watchedStream) = await watched.End();
        Assert.Equal((0, false), (watchedCode, Screen.Of(watchedStream).IsCursorHidden));
        Assert.Matches("Completed .* 3/3 tasks", Screen.Of(watchedStream).Lines[0]);
        Assert.Equal(0, (await followed.End()).ExitCode);
        Assert.Matches(" of flow .*: Completed", (await piped.Outcome()).Output);
        Assert.DoesNotContain('\e', (await piped.Outcome()).Output);
        agent.Terminate();
        server.Terminate();
        _ = await agent.Outcome();
        _ = await server.Outcome();
    }

    async Task<string> Does(params string[] arguments)
    {
        var outcome = await HoloflowProcess.Run(_home.Path, arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Errors + outcome.Output);
        return outcome.Output;
    }
}
