using Holoflow.Sdk;

namespace Holoflow.SampleFlows;

/// <param name="Directory">Where each execution of a task leaves a file.</param>
/// <param name="Tasks">How many tasks.</param>
/// <param name="Lines">How many log lines each of them writes, and half as many on standard output.</param>
/// <param name="Milliseconds">How long each of them works.</param>
/// <param name="Release">The file that the second half of the tasks, and the end, wait for.</param>
public sealed record CountedParameters(string Directory, int Tasks = 400, int Lines = 6, int Milliseconds = 5, string? Release = null);

/// <summary>A flow whose tasks, executions and lines can be counted.</summary>
public static class CountedFlows
{
    static readonly FlowTask<int, CountedParameters, int> Counted = FlowTask.Define(
        "counted",
        async (int number, CountedParameters all, TaskContext task) =>
        {
            await File.WriteAllTextAsync(Path.Combine(all.Directory, $"{number}.{Guid.CreateVersion7():N}"), task.TaskKey);
            for (var line = 1; line <= all.Lines; line++)
            {
                task.Log.Info("task {number} line {line}", number, line);
                if (line % 2 == 0)
                    Console.WriteLine($"printed {number} {line}");
            }
            await Task.Delay(all.Milliseconds, task.Cancellation);
            return number;
        });

    static readonly FlowTask<string, Nothing> Wait = FlowTask.Define("released", async (string release, TaskContext task) =>
    {
        while (!File.Exists(release))
            await Task.Delay(20, task.Cancellation);
    });

    /// <summary>Half of the tasks at once; the other half when the file is there.</summary>
    [Flow]
    public static async Task<int> CountedHalves(CountedParameters parameters)
    {
        var half = parameters.Tasks / 2;
        var first = await Counted.Map(Enumerable.Range(1, half), parameters);
        if (parameters.Release is { } release)
            await Wait.Run(release);
        var second = await Counted.Map(Enumerable.Range(half + 1, parameters.Tasks - half), parameters);
        return first.Length + second.Length;
    }

    /// <summary>All tasks at once, and one more that waits for the file.</summary>
    [Flow]
    public static async Task<int> CountedAtOnce(CountedParameters parameters)
    {
        var wait = parameters.Release is { } release ? Wait.Submit(release) : null;
        var done = await Counted.Map(Enumerable.Range(1, parameters.Tasks), parameters);
        if (wait is not null)
            await wait;
        return done.Length;
    }
}
