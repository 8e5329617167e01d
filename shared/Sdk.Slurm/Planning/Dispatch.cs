namespace Holoflow.Sdk.Slurm.Planning;

/// <summary>A slot that may take tasks.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Remaining">What is left of its allocation's walltime; null: no limit.</param>
/// <param name="IsFresh">True where its allocation has only begun: a task that fits nowhere else fits here, or nowhere at all.</param>
/// <param name="Assigned">Tasks that it has.</param>
readonly record struct OpenSlot(int Id, TimeSpan? Remaining, bool IsFresh, int Assigned);

/// <summary>A task that waits.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Need">The walltime that it is expected to need, from what it asks for and what its like have taken.</param>
/// <param name="Depth">How many of its like a slot is given at a time, the one that it executes included.</param>
readonly record struct WaitingTask(int Id, TimeSpan Need, int Depth);

/// <summary>Which task goes to which slot: a pure function.</summary>
static class Dispatch
{
    /// <summary>Work that a worker is given in advance, so that it does not wait for the flow process between short tasks.</summary>
    const double SecondsInAdvance = 0.5;

    const int DeepestQueue = 256;

    static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>The walltime that a task is expected to need.</summary>
    /// <param name="declared">What it asks for; null: nothing.</param>
    /// <param name="measured">What the longest of its like has taken; null: none has ended yet.</param>
    public static TimeSpan Need(TimeSpan? declared, TimeSpan? measured) =>
        measured is { } longest ? Least(declared, longest * 1.5 + Margin) : declared ?? TimeSpan.Zero;

    /// <summary>How many tasks of a kind a slot is given at a time.</summary>
    /// <param name="meanSeconds">What they take; null: none has ended yet.</param>
    public static int Depth(double? meanSeconds) => meanSeconds is { } mean ? (int)Math.Clamp(Math.Ceiling(SecondsInAdvance / Math.Max(mean, 1e-6)), 1, DeepestQueue) : 1;

    /// <summary>Gives the tasks, in their order, to the slots that have least to do.</summary>
    public static IReadOnlyList<(int Task, int Slot)> Choose(IReadOnlyList<WaitingTask> tasks, IReadOnlyList<OpenSlot> slots)
    {
        var chosen = new List<(int, int)>();
        var open = new PriorityQueue<OpenSlot, (int, int)>(slots.Select(slot => (slot, (slot.Assigned, slot.Id))));
        var passed = new List<OpenSlot>();
        foreach (var task in tasks)
        {
            if (open.Count == 0)
                break;
            passed.Clear();
            while (open.TryDequeue(out var slot, out _))
            {
                if (slot.Assigned < task.Depth && Fits(task, slot))
                {
                    chosen.Add((task.Id, slot.Id));
                    passed.Add(slot with { Assigned = slot.Assigned + 1 });
                    break;
                }

                passed.Add(slot);
                // The others have even more to do.
                if (slot.Assigned >= task.Depth)
                    break;
            }

            foreach (var slot in passed)
                open.Enqueue(slot, (slot.Assigned, slot.Id));
        }

        return chosen;
    }

    public static bool Fits(WaitingTask task, OpenSlot slot) => slot.IsFresh || slot.Remaining is not { } left || left >= task.Need;

    static TimeSpan Least(TimeSpan? declared, TimeSpan expected) => declared is { } own && own < expected ? own : expected;
}
