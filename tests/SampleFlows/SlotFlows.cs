using Holoflow.Sdk;

namespace Holoflow.SampleFlows;

/// <param name="Directory">Where executions leave a file each.</param>
/// <param name="Tasks">How many tasks use the telescope.</param>
/// <param name="Release">The file that ends each use; null: it ends at once.</param>
public sealed record SlotParameters(string Directory, int Tasks = 3, string? Release = null);

/// <summary>Flows whose tasks share something that a concurrency limit guards.</summary>
public static class SlotFlows
{
    static readonly FlowTask<int, SlotParameters, Nothing> Observe = FlowTask.Define("observe", async (int _, SlotParameters all, TaskContext task) => await UseTelescope(all, task), new TaskOptions { Tags = ["telescope"] });

    static readonly FlowTask<int, SlotParameters, Nothing> ObserveInside = FlowTask.Define("observe-inside", async (int _, SlotParameters all, TaskContext task) =>
    {
        using var slot = await Concurrency.Slot("telescope");
        await UseTelescope(all, task);
    });

    static readonly FlowTask<string, Nothing> Free = FlowTask.Define("free", async (string directory, TaskContext task) => await File.WriteAllTextAsync(Path.Combine(directory, "free"), ""));

    /// <summary>Tasks that carry a limited tag, and one that does not; one place for all.</summary>
    [Flow(Concurrency = 1)]
    public static async Task Observations(SlotParameters parameters)
    {
        var observed = Observe.Map(Enumerable.Range(1, parameters.Tasks), parameters);
        await Free.Run(parameters.Directory);
        await observed;
    }

    /// <summary>The same with tasks that take their slot in their own body.</summary>
    [Flow(Concurrency = 1)]
    public static async Task ObservationsInside(SlotParameters parameters)
    {
        var observed = ObserveInside.Map(Enumerable.Range(1, parameters.Tasks), parameters);
        await Free.Run(parameters.Directory);
        await observed;
    }

    /// <summary>One observation after the other.</summary>
    [Flow]
    public static async Task ObservationsInTurn(SlotParameters parameters)
    {
        for (var number = 1; number <= parameters.Tasks; number++)
            await Observe.Run(number, parameters);
    }

    // Two at the telescope at a time is a fault, whosoever tasks they are.
    static async Task UseTelescope(SlotParameters all, TaskContext task)
    {
        await using (new FileStream(Path.Combine(all.Directory, "pointing"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
        {
            await File.WriteAllTextAsync(Path.Combine(all.Directory, $"observed.{Guid.CreateVersion7():N}"), task.TaskKey);
            while (all.Release is { } release && !File.Exists(release))
                await Task.Delay(20, task.Cancellation);
        }
    }
}
