using Holoflow.Sdk;

namespace Holoflow.SampleFlows;

/// <param name="Release">The file that ends the wait.</param>
/// <param name="Started">A file that is made when the wait begins.</param>
public sealed record WaitParameters(string Release, string? Started = null);

/// <param name="Directory">Where executions leave a file each.</param>
/// <param name="Failures">How often it fails before it succeeds.</param>
/// <param name="Retries">How often the task is retried within the run.</param>
public sealed record FailParameters(string Directory, int Failures = 1, int Retries = 0);

/// <summary>Flows that files steer, and that leave files as witnesses of what was executed.</summary>
public static class FileFlows
{
    static readonly FlowTask<string, string?, Nothing> Wait = FlowTask.Define("wait", async (string release, string? started, TaskContext task) =>
    {
        if (started is not null)
            await File.WriteAllTextAsync(started, task.TaskKey, task.Cancellation);
        while (!File.Exists(release))
            await Task.Delay(20, task.Cancellation);
    });

    static readonly FlowTask<string, string, string> Witness = FlowTask.Define("witness", async (string directory, string name, TaskContext task) =>
    {
        // One file an execution: twice the same task is seen.
        await File.WriteAllTextAsync(Path.Combine(directory, $"{name}.{Guid.CreateVersion7():N}"), task.TaskKey);
        return name;
    });

    static readonly FlowTask<string, int, int> FailFirst = FlowTask.Define("fail-first", async (string directory, int failures, TaskContext task) =>
    {
        var tries = Directory.GetFiles(directory, "try.*").Length;
        await File.WriteAllTextAsync(Path.Combine(directory, $"try.{tries}"), "");
        return tries < failures ? throw new InvalidOperationException($"failure {tries + 1} of {failures}") : tries;
    });

    /// <summary>A task that waits until a file appears, between two that leave witnesses beside it.</summary>
    [Flow]
    public static async Task WaitForFile(WaitParameters parameters)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(parameters.Release))!;
        var before = Witness.Submit(directory, "before");
        await before;
        var wait = Wait.WaitFor(before).Submit(parameters.Release, parameters.Started);
        await Witness.WaitFor(wait).Submit(directory, "after");
    }

    /// <summary>Waits for a file in the flow's own method, without a task.</summary>
    [Flow]
    public static async Task WaitInFlow(WaitParameters parameters, CancellationToken cancellation)
    {
        if (parameters.Started is not null)
            await File.WriteAllTextAsync(parameters.Started, "", cancellation);
        while (!File.Exists(parameters.Release))
            await Task.Delay(20, cancellation);
    }

    /// <summary>A task that leaves a witness, then one that fails so often and then succeeds: over retries of the task and of the run.</summary>
    [Flow]
    public static async Task<int> FailThenSucceed(FailParameters parameters)
    {
        Directory.CreateDirectory(parameters.Directory);
        await Witness.Run(parameters.Directory, "witness");
        return await FailFirst.With(o => o with { Retries = parameters.Retries }).Run(parameters.Directory, parameters.Failures);
    }

    /// <summary>As <see cref="FailThenSucceed"/>, as a flow with three retries.</summary>
    [Flow(Retries = 3, RetryDelaySeconds = 0.2)]
    public static Task<int> RetriedFlow(FailParameters parameters) => FailThenSucceed(parameters);

    /// <summary>A flow that is out of time after a second.</summary>
    [Flow(TimeoutSeconds = 1)]
    public static Task TimedOut(WaitParameters parameters, CancellationToken cancellation) => WaitInFlow(parameters, cancellation);
}
