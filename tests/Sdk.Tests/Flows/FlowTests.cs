using Holoflow.Sdk.Testing;
using Holoflow.Sdk.Tests.Support;

namespace Holoflow.Sdk.Tests.Flows;

public class FlowTests
{
    static readonly FlowTask<int, int> Double = FlowTask.Define("flow-double", (int number, TaskContext task) => number * 2);

    static readonly FlowTask<int, int> FailOdd = FlowTask.Define("fail-odd", (int number, TaskContext task) =>
        number % 2 == 1 ? throw new InvalidOperationException($"{number} is odd") : number);

    static readonly FlowTask<Nothing> UntilCancelled = FlowTask.Define("until-cancelled", async (TaskContext task) => await Task.Delay(Timeout.Infinite, task.Cancellation));

    static readonly List<FlowEnd> Ends = [];

    public sealed record Amount(int Number = 3);

    [Flow(Name = "doubled", OnCompletion = nameof(Note), OnFailure = nameof(Note), OnCancellation = nameof(Note))]
    static async Task<int> Doubled(Amount amount, FlowContext flow)
    {
        flow.Log.Info("doubling {number}", amount.Number);
        return await Double.Run(amount.Number);
    }

    [Flow(OnFailure = nameof(Note))]
    static Task Throwing(FlowContext flow) => throw new InvalidDataException("my own");

    [Flow(Retries = 2)]
    static async Task<int> FlakyChild(Amount amount, FlowContext flow)
    {
        var doubled = await Double.Run(amount.Number);
        var tries = Directory.CreateDirectory(Path.Combine(flow.RunDirectory, "tries"));
        await File.WriteAllTextAsync(Path.Combine(tries.FullName, Guid.CreateVersion7().ToString()), "");
        return tries.GetFiles().Length < 3 ? throw new IOException("not yet") : doubled;
    }

    static readonly HeldTime OutOfTimeClock = new();

    static readonly FlowTask<Nothing> UntilOutOfTime = FlowTask.Define("until-out-of-time", async (TaskContext task) =>
    {
        OutOfTimeClock.LetPass();
        await Task.Delay(Timeout.Infinite, task.Cancellation);
    });

    [Flow(TimeoutSeconds = 3600)]
    static async Task OutOfTime(FlowContext flow) => await UntilOutOfTime.Run();

    [Flow(OnCancellation = nameof(Note), OnFailure = nameof(Note))]
    static async Task Endless(FlowContext flow)
    {
        flow.Log.Info("under way");
        await UntilCancelled.Run();
    }

    [Flow(Concurrency = 2)]
    static async Task<int> TwoAtATime(FlowContext flow)
    {
        var (running, most) = (0, 0);
        using var both = new Barrier(2);
        var counted = FlowTask.Define("counted-" + flow.RunName, (int number, TaskContext task) =>
        {
            lock (both)
                most = Math.Max(most, ++running);
            // With fewer than two at a time, this would never end; each pair meets here.
            both.SignalAndWait(task.Cancellation);
            lock (both)
                running--;
        });
        await counted.Map(Enumerable.Range(0, 20));
        return most;
    }

    static void Note(FlowEnd end)
    {
        lock (Ends)
            Ends.Add(end);
    }

    [Fact]
    public async Task AFlowGivesItsResultAndEverythingElse()
    {
        var run = await FlowTest.Run(Doubled, new Amount(21), FlowTestOptions.Default with { RunName = "mine" });
        Assert.Equal(42, run.Result);
        Assert.Equal("flow-double-1", run.TaskRun(Double).Key);
        Assert.Equal(["Running", "Completed"], run.TaskRun(Double).States.Select(state => state.Name));
        var line = Assert.Single(run.Logs);
        Assert.Equal("doubling 21", line.Message);
        Assert.Equal(21, line.Fields!["number"].GetInt32());
        Assert.Contains(Ends, end => end is { RunName: "mine", State.Type: RunStateType.Completed });
    }

    [Fact]
    public async Task AFlowThatThrowsFailsAndCallsItsHook()
    {
        var run = await FlowTest.Run(Throwing, FlowTestOptions.Default with { RunName = "throwing" });
        Assert.Equal("Failed: InvalidDataException: my own", run.State.ToString());
        Assert.IsType<InvalidDataException>(run.Failure);
        Assert.IsType<InvalidDataException>(Ends.Single(end => end.RunName == "throwing").Exception);
    }

    [Fact]
    public async Task AFailedTaskThatNobodyLooksAtFailsTheFlow()
    {
        var run = await FlowTest.Run(flow =>
        {
            _ = FailOdd.Map(Enumerable.Range(0, 4));
            return Task.CompletedTask;
        });
        Assert.Equal(RunStateType.Failed, run.State.Type);
        Assert.Equal("TasksFailedException: 2 task(s) failed: fail-odd-2: InvalidOperationException: 1 is odd; fail-odd-4: InvalidOperationException: 3 is odd", run.State.Message);
        Assert.Equal(4, run.TaskRuns.Count(task => task.State!.IsFinal));
    }

    [Fact]
    public async Task AFailedTaskThatTheFlowLookedAtIsItsOwnAffair()
    {
        var run = await FlowTest.Run(async _ => (await FailOdd.Map([0, 1, 2, 3]).Wait()).Count(state => state.IsCompleted));
        Assert.Equal(2, run.Result);
        Assert.Equal(RunStateType.Completed, run.State.Type);
    }

    [Fact]
    public async Task LookingAtASkippedTaskIsLookingAtTheFailure()
    {
        var run = await FlowTest.Run(async _ => (await Double.Submit(Double.Submit(FailOdd.Submit(1))).Wait()).Name);
        Assert.Equal("Skipped", run.Result);
    }

    [Fact]
    public async Task CancellingReachesTheTasks()
    {
        using var cancel = new CancellationTokenSource();
        using var test = FlowTest.Of(async flow =>
        {
            var task = UntilCancelled.Submit();
            _ = Double.WaitFor(task).Submit(1);
            await cancel.CancelAsync();
            await task;
        });
        var run = await test.Run(cancel.Token);
        Assert.Equal("Cancelled: cancelled by the test", run.State.ToString());
        Assert.Equal(RunStateType.Cancelled, run.TaskRun(UntilCancelled).State!.Type);
        Assert.Equal("Skipped", run.TaskRun(Double).State!.Name);
    }

    [Fact]
    public async Task ACancelledFlowCallsItsHookAndNotTheOneForFailures()
    {
        using var cancel = new CancellationTokenSource();
        using var test = FlowTest.Of(Endless, FlowTestOptions.Default with { RunName = "endless" });
        var run = test.Run(cancel.Token);
        await cancel.CancelAsync();
        Assert.Equal(RunStateType.Cancelled, (await run).State.Type);
        Assert.Equal(RunStateType.Cancelled, Ends.Single(end => end.RunName == "endless").State.Type);
    }

    [Fact]
    public async Task TheFlowsOwnBoundOfConcurrencyIsKeptAndUsed()
    {
        var run = await FlowTest.Run(TwoAtATime);
        Assert.Null(run.Failure);
        Assert.Equal(2, run.Result);
    }

    [Fact]
    public async Task AFlowThatTakesTooLongFailsAsTimedOut()
    {
        var run = await FlowTest.Run(OutOfTime, new FlowTestOptions { Time = OutOfTimeClock });
        Assert.Equal((RunStateType.Failed, "TimedOut"), (run.State.Type, run.State.Name));
        Assert.Equal(RunStateType.Cancelled, run.TaskRun(UntilOutOfTime).State!.Type);
    }

    [Fact]
    public async Task ANestedFlowIsARunOfItsOwn()
    {
        var run = await FlowTest.Run(async _ => await Flow.Run(Doubled, new Amount(4)) + await Flow.Run(Doubled, new Amount(5)), FlowTestOptions.Default with { Tags = ["night"] });
        Assert.Equal(18, run.Result);
        Assert.Equal(["test-run/doubled-1", "test-run/doubled-2"], run.NestedRuns.Select(nested => nested.RunName));
        Assert.All(run.NestedRuns, nested => Assert.Equal(["Running", "Completed"], nested.States.Select(state => state.Name)));
        Assert.All(run.NestedRuns, nested => Assert.Equal(["night"], nested.Tags));
        Assert.Equal(run.NestedRuns.Select(nested => (Guid?)nested.Id), run.Journal.OfType<RunProtocol.Journal.TaskCreated>().Select(task => task.Run));
    }

    [Fact]
    public async Task ANestedFlowIsRetriedByItselfAndKeepsItsFinishedTasks()
    {
        var run = await FlowTest.Run(async _ => await Flow.Run(FlakyChild, new Amount(7)));
        Assert.Equal(14, run.Result);
        Assert.Equal(1, run.TaskRun(Double).Executions);
        Assert.Equal(
            ["Running", "AwaitingRetry", "Retrying", "AwaitingRetry", "Retrying", "Completed"],
            Assert.Single(run.NestedRuns).States.Select(state => state.Name));
    }

    [Fact]
    public async Task WrongParametersOfANestedFlowAreNamed()
    {
        var run = await FlowTest.Run(async _ => await Flow.Run(OfBounded, new Bounded(0, "")));
        Assert.Contains("parameter 'count' must be at least 1, not 0; parameter 'name' must have at least 1 characters", run.Failure!.Message, StringComparison.Ordinal);
    }

    public sealed record Bounded(
        [System.ComponentModel.DataAnnotations.Range(1, 9)] int Count,
        [System.ComponentModel.DataAnnotations.MinLength(1)] string Name);

    [Flow]
    static Task OfBounded(Bounded bounded) => Task.CompletedTask;

    [Fact]
    public async Task ATaskSubmittedInsideATaskIsAClearMistake()
    {
        var run = await FlowTest.Run(async _ => await FlowTask.Define("outer-task", async (TaskContext task) => await Double.Run(1)).Run());
        Assert.Contains("task 'flow-double' was submitted inside task 'outer-task-1'", run.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATaskSubmittedOutsideAFlowIsAClearMistake() =>
        Assert.Contains("where no flow runs", Assert.Throws<InvalidOperationException>(() => Double.Submit(1)).Message, StringComparison.Ordinal);
}
