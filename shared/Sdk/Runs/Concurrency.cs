namespace Holoflow.Sdk;

/// <summary>Slots of concurrency limits, which hold over all runs and agents (<c>holoflow concurrency-limit create NAME LIMIT</c>).</summary>
public static class Concurrency
{
    /// <summary>
    /// Waits, without holding a thread or a place among the running tasks, for one slot of each of the limits; dispose of the answer to give them back.
    /// A name without a limit holds nobody back, nor does any where a flow runs without a server. Slots of a process that dies come back with the lease
    /// of its run. Prefer <see cref="TaskOptions.Limits"/> where a whole task needs the slot: whoever holds one and waits for another can wait for ever.
    /// </summary>
    /// <param name="names">The limits.</param>
    /// <exception cref="ArgumentException">No name is given, or an empty one.</exception>
    /// <exception cref="InvalidOperationException">No flow and no task runs here, or a task that is executed on a cluster, which asks by <see cref="TaskOptions.Limits"/>.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static async Task<IDisposable> Slot(params string[] names)
    {
        if (names.Length == 0 || names.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("name the limits that a slot is wanted of: Concurrency.Slot(\"telescope\")", nameof(names));
        if (TaskContext.CurrentOrNull is { } task)
            return await task.TakeSlots(names);
        var run = FlowContext.CurrentOrNull?.FlowRun
            ?? throw new InvalidOperationException("no flow runs here: slots are taken inside a [Flow] method or a task");
        return await run.Session.Slots.Take(null, names, run.NestedId, run.Cancellation);
    }
}
