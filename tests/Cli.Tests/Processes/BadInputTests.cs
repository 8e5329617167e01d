namespace Holoflow.Cli.Tests.Processes;

/// <summary>Bad input ends with exit code 2 and one clear line on standard error, and leaves nothing behind.</summary>
public sealed class BadInputTests : IDisposable
{
    readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("deploymnt run a/b", "'deploymnt' is no command; did you mean 'deployment'? (see holoflow --help)")]
    [InlineData("deploymnt ls", "'deploymnt' is no command; did you mean 'deployment'?")]
    [InlineData("deployment", "say what to do: build, apply, ls")]
    [InlineData("flow-run ls --limt 3", "--limt is no option of this command; did you mean '--limit'?")]
    [InlineData("flow-run ls --limit x", "--limit 'x' is no whole number of at least 1")]
    [InlineData("flow-run ls --limit 0", "--limit '0' is no whole number of at least 1")]
    [InlineData("flow-run ls --limit", "--limit needs a value: --limit N")]
    [InlineData("flow-run ls --since sometime", "--since 'sometime' is no time: write 2026-11-22T10:00:00Z")]
    [InlineData("flow-run ls --state Runing", "--state 'Runing' is no state; did you mean 'Running'?")]
    [InlineData("flow-run ls extra", "'extra' is one word too many")]
    [InlineData("flow-run logs", "RUN is missing")]
    [InlineData("deployment run a/b --in 5x", "--in '5x' is no duration: write seconds (90)")]
    [InlineData("deployment run a/b --at 2026-13-01", "--at '2026-13-01' is no time")]
    [InlineData("deployment run a/b --at now --in 5", "--at and --in do not go together")]
    [InlineData("deployment run a/b -p novalue", "-p 'novalue' is not key=value")]
    [InlineData("deployment run a/b --idempotency-key ü", "--idempotency-key must have 1 to 200 characters")]
    [InlineData("deployment build", "is required")]
    [InlineData("deployment build /no/such.dll --name n", "entrypoint '/no/such.dll' does not exist")]
    [InlineData("deployment set-schedule a/b", "say when: --cron, --interval or --rrule")]
    [InlineData("deployment set-schedule a/b --cron * --interval 5", "--cron and --interval do not go together")]
    [InlineData("deployment set-schedule a/b --interval 5 --timezone Perth", "--timezone 'Perth' is no time zone; did you mean 'Australia/Perth'")]
    [InlineData("deployment set-schedule a/b --timezone UTC", "--timezone goes with --cron")]
    [InlineData("deployment apply none.yaml", "none.yaml cannot be read")]
    [InlineData("work-queue set-concurrency-limit q -3", "LIMIT '-3' is no whole number of at least 0")]
    [InlineData("task-run inspect x", "'x' is no task run's id")]
    [InlineData("config set FOO=1", "'FOO' is no setting; the settings are HOLOFLOW_API_URL")]
    [InlineData("config set HOLOFLOW_API_URL=nonsense", "is not an address like http://127.0.0.1:4200")]
    [InlineData("profile use none", "there is no profile 'none'")]
    [InlineData("version extra", "'extra' is one word too many")]
    public async Task Is_refused_in_one_line(string arguments, string message)
    {
        var outcome = await HoloflowProcess.Run(_home.Path, arguments.Split(' '));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        Assert.StartsWith("holoflow: ", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.Path));
    }

    [Theory]
    [InlineData("--cron", "99 3 * * *", "99")]
    [InlineData("--cron", "0 3 * *", "4 fields")]
    [InlineData("--rrule", "FREQ=SOMETIMES", "SOMETIMES")]
    public async Task A_schedule_that_cannot_be_kept_is_refused_before_a_file_is_written(string kind, string text, string named)
    {
        var file = _home.In("nightly.yaml");
        var outcome = await HoloflowProcess.Run(_home.Path, "deployment", "build", HoloflowProcess.Sample("Empty"), "--name", "nightly", kind, text, "-o", file);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("deployment 'nightly' has a schedule that cannot be kept", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains(named, outcome.Errors, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_schedule_without_a_parameter_that_the_flow_requires_is_refused_before_a_file_is_written()
    {
        var file = _home.In("nightly.yaml");
        var outcome = await HoloflowProcess.Run(_home.Path, "deployment", "build", HoloflowProcess.Sample("Echo"), "--name", "nightly", "--cron", "0 3 * * *", "-o", file);
        Assert.Equal((2, "holoflow: deployment 'nightly' has a schedule, whose runs get no other parameters than these (-p key=value): parameter 'text' is missing\n"), (outcome.ExitCode, outcome.Errors));
        Assert.False(File.Exists(file));
        var right = await HoloflowProcess.Run(_home.In("state"), "deployment", "build", HoloflowProcess.Sample("Echo"), "--name", "nightly", "--cron", "0 3 * * *", "-p", "text=x", "-o", file);
        Assert.Equal((0, true), (right.ExitCode, File.Exists(file)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_home.In("state")));
    }

    [Fact]
    public async Task Hostile_words_cannot_reach_the_terminal()
    {
        var outcome = await HoloflowProcess.Run(_home.Path, "\e[2J\e]0;owned\a\nsecond line");
        Assert.Equal(2, outcome.ExitCode);
        Assert.DoesNotContain(outcome.Errors.TrimEnd('\n'), char.IsControl);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named_with_what_to_do()
    {
        await HoloflowProcess.Run(_home.Path, "config", "set", "HOLOFLOW_API_URL=http://127.0.0.1:9");
        var outcome = await HoloflowProcess.Run(_home.Path, "flow-run", "ls");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("http://127.0.0.1:9", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("holoflow server start", outcome.Errors, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
