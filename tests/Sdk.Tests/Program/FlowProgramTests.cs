using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;
using Holoflow.Sdk.Tests.Support;
using Holoflow.Servers;

namespace Holoflow.Sdk.Tests.Program;

/// <summary>Whole flow processes, launched as an agent launches them.</summary>
public class FlowProgramTests
{
    [Fact]
    public async Task AnEmptyFlowStartsAndEnds()
    {
        using var flow = new FlowProcess("Empty");
        Assert.Equal(0, await flow.Run());
        Assert.Collection(flow.Journal(),
            entry => Assert.Equal(1, Assert.IsType<FlowStarted>(entry).Attempt),
            entry => Assert.Equal("Completed", Assert.IsType<FlowEnded>(entry).Type));
    }

    [Theory]
    [InlineData("Throws", 1, "Failed", "InvalidOperationException: the flow's own failure")]
    [InlineData("ThrowsInForgottenTask", 1, "Failed", "TasksFailedException: 1 task(s) failed: throwing-1: InvalidOperationException: nobody awaits me")]
    [InlineData("NoSuchFlow", 2, "Failed", "there is no flow 'NoSuchFlow': the flows of this program are Artifacts, ")]
    [InlineData("Echo", 2, "Failed", "parameter 'text' is missing")]
    public async Task AFlowThatFailsSaysWhy(string method, int exitCode, string type, string message)
    {
        using var flow = new FlowProcess(method);
        Assert.Equal(exitCode, await flow.Run());
        Assert.Equal(type, flow.Ended().Type);
        Assert.StartsWith(message, flow.Ended().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Exits", 7, "about to exit")]
    [InlineData("KillsItself", 137, "about to die")]
    [InlineData("HalfAJournalLine", 137, "a whole line")]
    [InlineData("ThrowsOnForeignThread", 134, "an exception on a thread outside the flow ended the process: System.InvalidOperationException: on a foreign thread")]
    public async Task AProcessThatDiesUnderItsRunLeavesAWholeJournalWithoutAnEnd(string method, int exitCode, string lastWords)
    {
        using var flow = new FlowProcess(method);
        Assert.Equal(exitCode, await flow.Run());
        Assert.Contains(flow.Journal().OfType<Logged>(), line => line.Message.StartsWith(lastWords, StringComparison.Ordinal));
        Assert.DoesNotContain(flow.Journal(), entry => entry is FlowEnded);
        // The next attempt goes on behind whatever the dead one left.
        await flow.Run();
        Assert.Equal(2, flow.Journal().OfType<FlowStarted>().Count());
    }

    [Theory]
    [InlineData("Exits", "the process was ended inside the flow, by Environment.Exit or by a signal", 2)]
    [InlineData("KillsItself", "the process of the attempt before this one ended without a word", 1)]
    public async Task TheCrashHookIsCalled(string method, string message, int calls)
    {
        using var flow = new FlowProcess(method);
        await flow.Run();
        await flow.Run();
        Assert.Equal(Enumerable.Repeat(message, calls), await File.ReadAllLinesAsync(Path.Combine(flow.Directory.Path, "crashes"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task HostileTextArrivesByteForByte()
    {
        const string Text = "quotes ' \" ` \\ newlines \n\r\t $(touch x) ${HOME} ; | & ../../etc/passwd <b> é 😀 \u0001\u007f %s {0}";
        using var flow = new FlowProcess("Echo");
        await File.WriteAllTextAsync(flow.Directory.Parameters, JsonSerializer.Serialize(new { text = Text, output = flow.InFolder("out") }), TestContext.Current.CancellationToken);
        Assert.Equal(0, await flow.Run());
        Assert.Equal(Encoding.UTF8.GetBytes(Text), await File.ReadAllBytesAsync(flow.InFolder("out"), TestContext.Current.CancellationToken));
        Assert.Equal(Text, flow.Ended().Result!.Value.GetString());
        Assert.Equal(Text, flow.Journal().OfType<Logged>().Single().Message);
    }

    [Theory]
    [InlineData("""{"text": "a\u0000b"}""", "parameter 'text' holds a NUL character")]
    [InlineData("""{"txt": 1, "number": "x"}""", "parameter 'txt' is unknown; did you mean 'text'?; parameter 'number' must be a number, not \"x\"; parameter 'text' is missing")]
    [InlineData("{", "the parameters are not JSON")]
    public async Task WrongParametersAreRefusedByName(string parameters, string message)
    {
        using var flow = new FlowProcess("Echo", parameters);
        Assert.Equal(2, await flow.Run());
        Assert.StartsWith(message, flow.Ended().Message, StringComparison.Ordinal);
        Assert.DoesNotContain(flow.Journal(), entry => entry is FlowStarted);
    }

    [Theory]
    [InlineData("TERM", 143, "cancelled by SIGTERM")]
    [InlineData("INT", 130, "cancelled by Ctrl-C")]
    public async Task ASignalCancelsTheRun(string signal, int exitCode, string message)
    {
        using var flow = Waiting("WaitForFile");
        await flow.UntilJournal(entry => entry is TaskCreated { TaskName: "wait" }, "the task waits");
        await flow.Signal(signal);
        Assert.Equal(exitCode, await flow.End());
        Assert.Equal(("Cancelled", message), (flow.Ended().Type, flow.Ended().Message));
        Assert.Contains(flow.Journal(), entry => entry is TaskChanged { Type: "Cancelled" });
    }

    [Fact]
    public async Task ARequestCancelsTheRunWithItsReason()
    {
        using var flow = Waiting("WaitInFlow");
        await flow.UntilJournal(entry => entry is FlowStarted, "the flow started");
        flow.Ask(new ControlRequest(ControlKind.Cancel, "clouds"));
        Assert.Equal(143, await flow.End());
        Assert.Equal(("Cancelled", "clouds"), (flow.Ended().Type, flow.Ended().Message));
    }

    [Fact]
    public async Task APausedRunStartsNoTaskUntilItIsResumed()
    {
        using var flow = Waiting("WaitForFile");
        await FileSignal.Appeared(flow.InFolder("started"), TestContext.Current.CancellationToken);
        flow.Ask(new ControlRequest(ControlKind.Pause));
        await flow.UntilJournal(entry => entry is FlowPauseChanged { Paused: true }, "the run is paused");
        await File.WriteAllTextAsync(flow.InFolder("release"), "", TestContext.Current.CancellationToken);
        var wait = flow.Journal().OfType<TaskCreated>().Single(task => task.TaskName == "wait").Task;
        await flow.UntilJournal(entry => entry is TaskChanged { Type: "Completed" } change && change.Task == wait, "the next task could start");
        flow.Ask(new ControlRequest(ControlKind.Resume));
        Assert.Equal(0, await flow.End());
        var journal = flow.Journal();
        var resumed = journal.OfType<FlowPauseChanged>().Single(pause => !pause.Paused);
        var next = journal.OfType<TaskCreated>().Single(task => task.Key == "witness-2").Task;
        Assert.True(journal.OfType<TaskChanged>().First(change => change.Task == next).Sequence > resumed.Sequence);
    }

    [Fact]
    public async Task ACancelOfAnEarlierAttemptIsNotMeantForThisOne()
    {
        using var flow = Waiting("WaitInFlow");
        await flow.UntilJournal(entry => entry is FlowStarted, "the flow started");
        flow.Ask(new ControlRequest(ControlKind.Cancel, Attempt: 1));
        flow.Ask(new ControlRequest(ControlKind.Cancel));
        Assert.Equal(143, await flow.End());
        await File.WriteAllTextAsync(flow.InFolder("release"), "", TestContext.Current.CancellationToken);
        Assert.Equal(0, await flow.Run());
    }

    [Fact]
    public async Task AKilledRunGoesOnWhereItStopped()
    {
        using var flow = Waiting("WaitForFile");
        for (var kill = 0; kill < 3; kill++)
        {
            await FileSignal.Appeared(flow.InFolder("started"), TestContext.Current.CancellationToken);
            await flow.Signal("KILL");
            Assert.Equal(137, await flow.End());
            File.Delete(flow.InFolder("started"));
            flow.Start();
        }
        await File.WriteAllTextAsync(flow.InFolder("release"), "", TestContext.Current.CancellationToken);
        Assert.Equal(0, await flow.End());
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(flow.InFolder("x"))!, "before.*"));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(flow.InFolder("x"))!, "after.*"));
        Assert.Equal(3, flow.Journal().OfType<TaskCreated>().Count());
    }

    [Fact]
    public async Task ARetriedRunDoesNotRepeatWhatItFinished()
    {
        using var flow = new FlowProcess("FailThenSucceed");
        await File.WriteAllTextAsync(flow.Directory.Parameters, JsonSerializer.Serialize(new { directory = flow.InFolder("d"), failures = 2, retries = 1 }), TestContext.Current.CancellationToken);
        Assert.Equal(1, await flow.Run());
        Assert.Equal(0, await flow.Run());
        Assert.Single(Directory.GetFiles(flow.InFolder("d"), "witness.*"));
        Assert.Equal(2, flow.Ended().Result!.Value.GetInt32());
        Assert.Equal([1, 2, 3], flow.Journal().OfType<TaskChanged>().Where(change => change.Type == "Running").Skip(1).Select(change => change.RunCount));
    }

    [Fact]
    public async Task AFlowOutOfTimeFailsAsTimedOut()
    {
        using var flow = Waiting("TimedOut");
        Assert.Equal(1, await flow.End());
        Assert.Equal(("Failed", "TimedOut"), (flow.Ended().Type, flow.Ended().Name));
    }

    [Fact]
    public async Task AProgramDescribesItself()
    {
        using var folder = new TemporaryFolder();
        using var process = Launch([], (RunEnvironment.DescribeTo, folder.File("description.json")));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        var description = JsonSerializer.Deserialize(await File.ReadAllTextAsync(folder.File("description.json"), TestContext.Current.CancellationToken), JournalFormat.Default.ProgramDescription)!;
        Assert.Empty(description.Mistakes);
        var flow = description.Flows.Single(one => one.Method == "RetriedFlow");
        Assert.Equal(("retried-flow", 3, 0.2), (flow.Name, flow.Retries, flow.RetryDelaySeconds));
        var empty = description.Flows.Single(one => one.Method == "Empty");
        Assert.Equal(("Does nothing", "2.1"), (empty.Description, empty.Version));
        Assert.Equal(1_000_000, description.Flows.Single(one => one.Method == "Mapped").ParameterSchema.GetProperty("properties").GetProperty("count").GetProperty("maximum").GetInt32());
    }

    [Fact]
    public async Task StartedByHandItBecomesTheCommand()
    {
        using var folder = new TemporaryFolder();
        var command = folder.File("holoflow");
        ExecutableFile.Write(command, "#!/bin/sh\nprintf '%s\\n' \"$@\"; exit 5\n");
        using var process = Launch(["Echo", "-p", "text=$(a b) 'c'"], (RunEnvironment.Command, command));
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal($"run\n{Path.ChangeExtension(FlowProcess.Program, null)}:Echo\n-p\ntext=$(a b) 'c'\n", output);
        Assert.Equal(5, process.ExitCode);
    }

    [Fact]
    public async Task WithoutTheCommandItSaysWhatIsMissing()
    {
        using var process = Launch(["Empty"], ("PATH", "/nowhere"));
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("holoflow: the holoflow command was not found: put it on PATH, or name it in HOLOFLOW_COMMAND\n", errors);
        Assert.Equal(2, process.ExitCode);
    }

    static FlowProcess Waiting(string method)
    {
        var flow = new FlowProcess(method);
        File.WriteAllText(flow.Directory.Parameters, JsonSerializer.Serialize(new { release = flow.InFolder("release"), started = flow.InFolder("started") }));
        flow.Start();
        return flow;
    }

    static Process Launch(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.ChangeExtension(FlowProcess.Program, null), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath("../../..", System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory());
        start.Environment.Remove(RunEnvironment.RunDirectory);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
