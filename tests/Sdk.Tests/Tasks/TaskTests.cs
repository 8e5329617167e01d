using System.Numerics;
using Holoflow.Sdk.Testing;
using Holoflow.Sdk.Tests.Support;

namespace Holoflow.Sdk.Tests.Tasks;

public class TaskTests
{
    static readonly FlowTask<int, int> Increment = FlowTask.Define("increment", (int number, TaskContext task) => number + 1);

    static readonly FlowTask<int, int, int> Add = FlowTask.Define("add", async (int left, int right, TaskContext task) =>
    {
        await Task.Yield();
        return left + right;
    });

    static readonly FlowTask<int[], int> Sum = FlowTask.Define("sum-up", (int[] numbers, TaskContext task) => numbers.Sum());

    static readonly FlowTask<IReadOnlyList<int>, int> Count = FlowTask.Define("count-up", (IReadOnlyList<int> numbers, TaskContext task) => numbers.Count);

    static readonly FlowTask<string, int> Fail = FlowTask.Define("fail", int (string message, TaskContext task) => throw new InvalidOperationException(message));

    [Fact]
    public async Task PassingAFutureMakesAnEdge()
    {
        var run = await FlowTest.Run(async _ =>
        {
            var first = Increment.Submit(1);
            var second = Increment.Submit(first);
            return await Add.WaitFor(first).Submit(second, 10);
        });
        Assert.Equal(13, run.Result);
        Assert.Equal(
            [new("increment-1", "increment-2", "number"), new("increment-2", "add-1", "left"), new("increment-1", "add-1", "")],
            run.Edges);
    }

    [Fact]
    public async Task MappingOverListsAndFuturesAndSingleValues()
    {
        var run = await FlowTest.Run(async _ =>
        {
            var incremented = Increment.Map(Enumerable.Range(0, 3));
            var added = Add.Map(incremented, 10);
            var both = Add.Map(added, new[] { 100, 200, 300 });
            return (await both, await Sum.Run(both), await Count.Run(incremented));
        });
        Assert.Equal([111, 212, 313], run.Result.Item1);
        Assert.Equal((636, 3), (run.Result.Item2, run.Result.Item3));
        Assert.Equal([0, 1, 2], run.TaskRuns.Where(task => task.TaskName == "increment").Select(task => task.MapIndex));
        Assert.Equal(3, run.Edges.Count(edge => edge.To == "sum-up-1"));
    }

    [Fact]
    public async Task AListThatIsTheSameForEveryRunIsWrapped()
    {
        var scale = FlowTask.Define("scale", (int factor, int[] numbers, TaskContext task) => numbers.Sum(number => number * factor));
        var run = await FlowTest.Run(async _ => await scale.Map([1, 2], Input.Unmapped<int[]>(new[] { 1, 10 })));
        Assert.Equal([11, 22], run.Result);
    }

    [Fact]
    public async Task ListsOfDifferentLengthAreAClearMistake()
    {
        var run = await FlowTest.Run(async _ => await Add.Map(new[] { 1, 2 }, new[] { 1, 2, 3 }));
        Assert.Contains("lists of 2 and 3 items", run.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatNeedsAFailedTaskIsSkippedDownTheWholeChain()
    {
        const int Length = 5000;
        var run = await FlowTest.Run(async _ =>
        {
            var last = Fail.Submit("at the root");
            for (var link = 0; link < Length; link++)
                last = Increment.Submit(last);
            await last;
        });
        var skipped = Assert.IsType<UpstreamFailedException>(run.Failure);
        Assert.Equal("at the root", skipped.GetBaseException().Message);
        Assert.Equal(Length, run.TaskRuns.Count(task => task.State!.Name == "Skipped"));
    }

    [Fact]
    public async Task RetriesWaitTheirDelaysAndSayWhatTheyDo()
    {
        var time = new RecordingTime();
        var seconds = new[] { 1, 5 }.Select(second => TimeSpan.FromSeconds(second)).ToArray();
        var tries = 0;
        var flaky = FlowTask.Define("flaky", (TaskContext task) => ++tries < 4 ? throw new IOException($"try {tries}") : task.ExecutionNumber,
            new() { Retries = 3, RetryDelays = RetryDelays.Fixed(seconds) });
        var run = await FlowTest.Run(async _ => await flaky.Run(), new() { Time = time });
        Assert.Equal(4, run.Result);
        Assert.Equal(["Running", "AwaitingRetry", "Retrying", "AwaitingRetry", "Retrying", "AwaitingRetry", "Retrying", "Completed"], run.TaskRun(flaky).States.Select(state => state.Name));
        Assert.Equal([seconds[0], seconds[1], seconds[1]], time.Delays.Where(delay => delay >= seconds[0]));
        Assert.Equal("IOException: try 1", run.TaskRun(flaky).States[1].Message);
    }

    [Fact]
    public async Task OnlyWhatIsWorthItIsRetried()
    {
        var picky = Fail.With(o => o with { Retries = 5, RetryIf = failure => failure is IOException });
        var run = await FlowTest.Run(async _ => await picky.Run("final"));
        Assert.Equal(1, run.TaskRun(Fail).Executions);
        Assert.Equal("InvalidOperationException: final", run.State.Message);
    }

    [Fact]
    public async Task ATaskOutOfTimeFailsAndItsTokenIsCancelled()
    {
        var slow = FlowTask.Define("slow", async (TaskContext task) => await Task.Delay(Timeout.Infinite, task.Cancellation), new() { Timeout = TimeSpan.FromMilliseconds(30) });
        var run = await FlowTest.Run(async _ => await slow.Run());
        Assert.Equal("TimedOut", run.TaskRun(slow).State!.Name);
        Assert.IsType<TaskTimedOutException>(run.Failure);
    }

    [Fact]
    public async Task ABlockedTaskIsGivenUpAndNotRetriedWhileItMayStillRun()
    {
        using var release = new ManualResetEventSlim();
        var blocked = FlowTask.Define("blocked", (TaskContext task) => release.Wait(CancellationToken.None), new() { Timeout = TimeSpan.FromMinutes(1), Retries = 3 });
        var run = await FlowTest.Run(async _ => await blocked.Run(), new() { Time = new RecordingTime() });
        release.Set();
        Assert.IsType<TaskStillRunsException>(run.Failure);
        Assert.Equal(1, run.TaskRun(blocked).Executions);
    }

    [Fact]
    public async Task NoMoreTasksRunAtOnceThanTheBound()
    {
        var running = 0;
        var most = 0;
        var busy = FlowTask.Define("busy", async (int number, TaskContext task) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await Task.Delay(5);
            Interlocked.Decrement(ref running);
        });
        var run = await FlowTest.Run(async _ => await busy.Map(Enumerable.Range(0, 40)));
        Assert.True(run.State.IsCompleted);
        Assert.InRange(most, 1, Environment.ProcessorCount);
    }

    [Fact]
    public async Task TagsAndNamesAreThoseOfTheirScope()
    {
        var named = Add.With(o => o with { RunName = "{left} and {{{right}}}", Tags = ["own"] });
        var run = await FlowTest.Run(async _ =>
        {
            using (Flow.Tags("outer"))
            using (Flow.Tags("inner", "outer"))
                await named.Run(1, Increment.Submit(1));
            await named.Run(3, 4);
        });
        Assert.Equal(["1 and {increment-1}", "3 and {4}"], run.TaskRuns.Where(task => task.TaskName == "add").Select(task => task.RunName));
        Assert.Equal(["outer", "inner", "own"], run.TaskRuns[1].Tags);
        Assert.Equal(["own"], run.TaskRuns[2].Tags);
    }

    [Fact]
    public async Task ProgressKeepsItsLastWordAndEstimatesWhatIsLeft()
    {
        var time = new ManualTime();
        var counting = FlowTask.Define("counting", (TaskContext task) =>
        {
            for (var step = 1; step <= 1000; step++)
            {
                time.Advance(TimeSpan.FromMilliseconds(10));
                task.Progress(step, 1000, $"step {step}");
            }
        });
        var run = await FlowTest.Run(async _ => await counting.Run(), new() { Time = time });
        Assert.Equal(51, run.Progress.Count);
        Assert.Equal((1000, 1.0, "step 1000", 0.0), (run.Progress[^1].Count, run.Progress[^1].Fraction, run.Progress[^1].Message, run.Progress[^1].SecondsLeft));
        Assert.Equal(9.99, run.Progress[0].SecondsLeft);
    }

    [Fact]
    public async Task ProgressMayBeAFractionOrAMessageAloneAndIsNeverMoreThanAll()
    {
        var time = new ManualTime();
        var reading = FlowTask.Define("reading", (TaskContext task) =>
        {
            time.Advance(TimeSpan.FromSeconds(3));
            task.Progress(0.5, "half");
            _ = Assert.Throws<ArgumentOutOfRangeException>(() => task.Progress(1.5));
            task.Progress(1.0);
        });
        var run = await FlowTest.Run(async _ => await reading.Run(), new() { Time = time });
        Assert.Null(run.Failure);
        Assert.Equal([0.5, 1.0], run.Progress.Select(p => p.Fraction!.Value));
        Assert.Equal(("half", run.TaskRun(reading).Id, 3.0), (run.Progress[0].Message, run.Progress[0].Task, run.Progress[0].SecondsLeft));
    }

    [Fact]
    public async Task WhatATaskPrintsGoesToItsLogWhereItAsksForIt()
    {
        var printing = FlowTask.Define("printing", (TaskContext task) => Console.WriteLine("printed"), new() { ForwardConsole = true });
        var run = await FlowTest.Run(async _ => await printing.Run());
        Assert.Equal(("printed", "stdout", run.TaskRun(printing).Id), (run.Logs.Single().Message, run.Logs.Single().Logger, run.Logs.Single().Task));
    }

    [Fact]
    public async Task AnOverLongLineIsCutWithAMark()
    {
        var run = await FlowTest.Run(flow =>
        {
            flow.Log.Info(new string('x', RunLogger.LongestLine + 1000));
            return Task.CompletedTask;
        });
        Assert.EndsWith("x …[cut: 1000 more characters]", run.Logs.Single().Message, StringComparison.Ordinal);
    }

    public sealed record Fitted(double[] Values, (int X, int Y) Position, Complex Gain, DateTimeOffset At, Dictionary<string, float> Weights);

    public sealed class Opaque(int hidden)
    {
        public int Shown() => hidden;
    }

    [Fact]
    public async Task ScientificResultsSurvive()
    {
        var fitted = new Fitted([double.NaN, double.PositiveInfinity, 0.1], (3, 4), new Complex(1, -2), DateTimeOffset.UnixEpoch, new() { ["a"] = 0.5f });
        var fit = FlowTask.Define("fit-all", (TaskContext task) => fitted);
        using var test = FlowTest.Of(async _ => await fit.Run());
        await test.Run(TestContext.Current.CancellationToken);
        var restored = (await test.Run(TestContext.Current.CancellationToken)).Result;
        Assert.NotSame(fitted, restored);
        Assert.Equal(fitted.Values, restored.Values);
        Assert.Equal((fitted.Position, fitted.Gain, fitted.At), (restored.Position, restored.Gain, restored.At));
        Assert.Equal(fitted.Weights, restored.Weights);
    }

    [Fact]
    public async Task AResultThatDoesNotSurviveIsRefusedByTaskAndType()
    {
        var opaque = FlowTask.Define("opaque", (TaskContext task) => new Opaque(3), new() { Retries = 3 });
        var run = await FlowTest.Run(async _ => await opaque.Run());
        Assert.Contains("the result of task 'opaque' is a Opaque, which does not survive JSON", run.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(1, run.TaskRun(opaque).Executions);
        var notKept = opaque.With(o => o with { PersistResult = false });
        Assert.Equal(3, (await FlowTest.Run(async _ => (await notKept.Run()).Shown())).Result);
    }

    [Fact]
    public async Task AnInputThatDoesNotSurviveIsRefusedByTaskAndName()
    {
        var taking = FlowTask.Define("taking", (float[,] image, TaskContext task) => image.Length);
        var run = await FlowTest.Run(async _ => await taking.Run(new float[2, 2]));
        Assert.Contains("input 'image' of task 'taking' is a Single[,]", run.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneTaskCanBeRunAlone()
    {
        var run = await FlowTest.RunTask(() => Add.Submit(1, 2));
        Assert.Equal(3, run.Result);
        Assert.Equal("add-1", run.TaskRun(Add).Key);
    }

    static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most)
            Interlocked.CompareExchange(ref most, value, seen);
    }
}
