using FsCheck;
using FsCheck.Fluent;
using Holoflow.RunProtocol.Journal;
using Holoflow.Sdk.Testing;
using Holoflow.Sdk.Tests.Support;
using Holoflow.Servers;

namespace Holoflow.Sdk.Tests.Commands;

public class CommandTests
{
    static readonly FlowTask<Command, CommandResult> Execute = CommandTask.Define("execute");

    static readonly FlowTask<string, CommandResult> Shell = CommandTask.Define("shell", (string script) => new Command("sh", "-c", script) { Grace = TimeSpan.FromSeconds(1) });

    [Fact]
    public async Task BothStreamsGoLiveIntoTheLog()
    {
        var run = await FlowTest.RunTask(() => Shell.Submit("echo one; echo two >&2; printf 'a\\rb\\r\\nno end'"));
        Assert.Equal(["one", "a", "b", "no end"], run.Logs.Where(line => line.Logger == "stdout").Select(line => line.Message));
        var error = Assert.Single(run.Logs, line => line.Logger == "stderr");
        Assert.Equal(("two", LogLevel.Warning, run.TaskRun(Shell).Id), (error.Message, error.Level, error.Task));
        Assert.Equal(["one", "a", "b", "no end"], run.Result.LastOutput);
    }

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("kill -9 $$", 137)]
    public async Task AnExitCodeThatIsNotSuccessFailsTheTask(string script, int exitCode)
    {
        var run = await FlowTest.RunTask(() => Shell.Submit($"echo the reason >&2; {script}"));
        var failure = Assert.IsType<CommandFailedException>(run.Failure);
        Assert.Equal((exitCode, $"sh ended with exit code {exitCode}: the reason"), (failure.Result!.ExitCode, failure.Message));
    }

    [Fact]
    public async Task AFailedCommandIsToldInOneLineOfTheLogWithoutAStackTrace()
    {
        var retried = Shell.With(o => o with { Retries = 1 });
        var run = await FlowTest.Run(async _ => await retried.Run("echo 'no such file' >&2; exit 3"));
        Assert.Equal(
            ["execution 1 failed, retries left: 1: CommandFailedException: sh ended with exit code 3: no such file", "CommandFailedException: sh ended with exit code 3: no such file"],
            run.Logs.Where(line => line.Logger == "shell").Select(line => line.Message));
    }

    [Fact]
    public async Task OtherExitCodesCanBeSuccess()
    {
        var run = await FlowTest.RunTask(() => Execute.Submit(new Command("sh", "-c", "exit 3") { SuccessExitCodes = [0, 3] }));
        Assert.Equal(3, run.Result.ExitCode);
    }

    [Fact]
    public async Task EnvironmentInputAndWorkingDirectoryArrive()
    {
        using var folder = new TemporaryFolder();
        var command = new Command("sh", "-c", "pwd; echo \"$GREETING\"; cat; echo \"[$HOME]\"")
        {
            WorkingDirectory = folder.Path,
            Environment = new Dictionary<string, string?> { ["GREETING"] = "$(hello) 'ü😀'", ["HOME"] = null },
            StandardInput = "from input\n",
        };
        var run = await FlowTest.RunTask(() => Execute.Submit(command));
        Assert.Equal([folder.Path, "$(hello) 'ü😀'", "from input", "[]"], run.Result.LastOutput);
    }

    [Fact]
    public void ArgumentsArriveByteForByte() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Filter(text => text is not null && text.EnumerateRunes().All(rune => rune.Value is not (0 or 0xFFFD))).Generator.ArrayOf().ToArbitrary(), async Task<bool> (arguments) =>
        {
            using var folder = new TemporaryFolder();
            var all = arguments.Concat(["", "--", "-n", "$(touch x)", "../..", "'\"\\", "a\nb", "*", "😀"]).ToArray();
            var command = new Command("sh", ["-c", "printf '%s\\0' \"$@\" > out", "sh", .. all]) { WorkingDirectory = folder.Path };
            var run = await FlowTest.RunTask(() => Execute.Submit(command));
            return run.State.IsCompleted && (await File.ReadAllTextAsync(folder.File("out"))).Split('\0')[..^1].SequenceEqual(all);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public async Task ANulInAnArgumentIsRefusedByName()
    {
        var run = await FlowTest.RunTask(() => Execute.Submit(new Command("echo", "a\0b")));
        Assert.Contains("the argument 'a␀b' of echo holds a NUL character", run.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-program", "the program 'no-such-program' was not found on PATH")]
    [InlineData("./no-such-program", "the program './no-such-program' is no executable file")]
    [InlineData("/etc/passwd", "the program '/etc/passwd' is no executable file")]
    public async Task AProgramThatCannotBeStartedIsNamed(string program, string message)
    {
        var run = await FlowTest.RunTask(() => Execute.Submit(new Command(program)));
        Assert.Equal(message, run.Failure!.Message);
    }

    [Fact]
    public async Task TheWholeGroupIsKilledWhenItsTimeIsOver()
    {
        using var folder = new TemporaryFolder();
        var time = new HeldTime();
        var command = new Command("sh", "-c", "trap '' TERM; sleep 600 & echo $! > child; echo $$ > leader; wait; wait; sleep 600")
        {
            WorkingDirectory = folder.Path,
            Timeout = TimeSpan.FromHours(1),
            Grace = TimeSpan.FromMilliseconds(300),
        };
        var running = FlowTest.RunTask(() => Execute.Submit(command), new FlowTestOptions { Time = time });
        var leader = await FileSignal.FirstLine(folder.File("leader"), TestContext.Current.CancellationToken);
        time.LetPass();
        var run = await running;
        Assert.Equal("TimedOut", run.TaskRun(Execute).State!.Name);
        Assert.False(LivingProcess.Is(File.ReadAllText(folder.File("child"))));
        Assert.False(LivingProcess.Is(leader));
    }

    [Fact]
    public async Task ACommandThatIsOutOfTimeAsItStartsIsEnded()
    {
        // Its time is over before it is the leader of its group. The argument is one that no other process has.
        var command = new Command("sleep", $"600.{Random.Shared.NextInt64():D19}") { Timeout = TimeSpan.FromTicks(1) };
        for (var round = 0; round < 20; round++)
        {
            var run = await FlowTest.RunTask(() => Execute.Submit(command));
            Assert.Equal("TimedOut", run.TaskRun(Execute).State!.Name);
            Assert.DoesNotContain(Directory.EnumerateDirectories("/proc").Select(CommandLine), line => line.Contains(command.Arguments[0], StringComparison.Ordinal));
        }

        static string CommandLine(string process)
        {
            try
            {
                return File.ReadAllText(Path.Combine(process, "cmdline"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return "";
            }
        }
    }

    [Fact]
    public async Task ACancelledTaskEndsItsCommand()
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        using var test = FlowTest.Of(async flow => await Execute.Run(new Command("sh", "-c", "echo $$ > leader; echo ready; sleep 600") { WorkingDirectory = folder.Path }));
        var running = test.Run(cancel.Token);
        var leader = await FileSignal.FirstLine(folder.File("leader"), TestContext.Current.CancellationToken);
        Assert.True(LivingProcess.Is(leader));
        await cancel.CancelAsync();
        Assert.Equal(RunStateType.Cancelled, (await running).State.Type);
        Assert.False(LivingProcess.Is(leader));
    }

    [Fact]
    public async Task ProcessesThatACommandLeavesBehindAreEnded()
    {
        using var folder = new TemporaryFolder();
        var run = await FlowTest.RunTask(() => Execute.Submit(new Command("sh", "-c", "sleep 600 & echo $! > child") { WorkingDirectory = folder.Path }));
        Assert.True(run.State.IsCompleted);
        Assert.Contains(run.Logs, line => line.Message == "sh left processes behind; they are ended");
        Assert.False(LivingProcess.Is(File.ReadAllText(folder.File("child"))));
    }

    [Fact]
    public async Task AnOverLongLineIsCutWithAMarkAndTheNextOneIsWhole()
    {
        var run = await FlowTest.RunTask(() => Shell.Submit("head -c 1000000 /dev/zero | tr '\\0' x; echo; echo next"));
        Assert.Equal($"{new string('x', RunLogger.LongestLine)} …[cut: {1_000_000 - RunLogger.LongestLine} more characters]", run.Logs[0].Message);
        Assert.Equal("next", run.Logs[1].Message);
    }
}
