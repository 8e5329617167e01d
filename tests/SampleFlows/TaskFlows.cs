using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Holoflow.Sdk;

namespace Holoflow.SampleFlows;

/// <param name="Count">How many tasks.</param>
public sealed record CountParameters(
    [Description("How many"), Range(0, 1_000_000)] int Count = 10);

/// <summary>Flows of plain tasks.</summary>
public static class TaskFlows
{
    static readonly FlowTask<int, int> NoOp = FlowTask.Define("no-op", (int number, TaskContext task) => number, new() { RunName = "no-op {number}" });

    static readonly FlowTask<int, int> Square = FlowTask.Define("square", (int number, TaskContext task) => number * number);

    static readonly FlowTask<int[], long> Sum = FlowTask.Define("sum", (int[] numbers, TaskContext task) => numbers.Sum(number => (long)number), new() { Description = "Adds up" });

    static readonly FlowTask<int, int> Reported = FlowTask.Define("reported", async (int steps, TaskContext task) =>
    {
        for (var step = 1; step <= steps; step++)
        {
            task.Progress(step, steps, $"step {step}");
            await Task.Yield();
        }
        return steps;
    });

    /// <summary>Does nothing.</summary>
    [Flow(Description = "Does nothing", Version = "2.1")]
    public static Task Empty() => Task.CompletedTask;

    /// <summary>Tasks that do nothing, all submitted at once.</summary>
    [Flow(Name = "no-ops")]
    public static async Task<int> NoOps(CountParameters parameters) =>
        (await NoOp.Map(Enumerable.Range(0, parameters.Count))).Length;

    /// <summary>Tasks that do nothing, one after another.</summary>
    [Flow]
    public static async Task Sequential(CountParameters parameters)
    {
        for (var number = 0; number < parameters.Count; number++)
            await NoOp.Run(number);
    }

    /// <summary>A mapped task whose results another one sums up: count + 1 tasks, count edges.</summary>
    [Flow]
    public static async Task<long> Mapped(CountParameters parameters, FlowContext flow)
    {
        using (Flow.Tags("mapped"))
        {
            var sum = await Sum.Run(Square.Map(Enumerable.Range(1, parameters.Count)));
            flow.Log.Info("the sum is {sum}", sum);
            return sum;
        }
    }

    /// <summary>A task that reports its progress.</summary>
    [Flow]
    public static async Task Progress(CountParameters parameters) => await Reported.Run(parameters.Count);

    /// <summary>A flow that calls another one twice.</summary>
    [Flow]
    public static async Task<long> Nested(CountParameters parameters) =>
        await Flow.Run(Mapped, parameters) + await Flow.Run(Mapped, parameters with { Count = parameters.Count + 1 });
}
