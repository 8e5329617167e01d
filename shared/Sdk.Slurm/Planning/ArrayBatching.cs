namespace Holoflow.Sdk.Slurm.Planning;

/// <summary>When waiting tasks become a job array, and how: pure functions.</summary>
static class ArrayBatching
{
    // The tasks of a mapped call become ready one soon after the other.
    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>The most jobs of one array: Slurm's own limit is 1001 unless a site changes it.</summary>
    public const int LargestArray = 1000;

    /// <summary>How many arrays one call of the budget is worth, at most: tasks are packed so that so many are enough.</summary>
    const int MostArrays = 4;

    /// <summary>True once no task has come for a while, or the first has waited long enough.</summary>
    /// <param name="sinceFirst">Since the first task came.</param>
    /// <param name="sinceLast">Since the last task came.</param>
    public static bool IsDue(TimeSpan sinceFirst, TimeSpan sinceLast) => sinceLast >= Quiet || sinceFirst >= Longest;

    /// <summary>Divides tasks among arrays: for each array the tasks of each of its jobs, by position.</summary>
    /// <param name="tasks">How many there are.</param>
    /// <param name="pack">How many one job executes; more, where they would be too many jobs.</param>
    public static IReadOnlyList<IReadOnlyList<IReadOnlyList<int>>> Divide(int tasks, int pack)
    {
        var packed = Math.Max(pack, (tasks + LargestArray * MostArrays - 1) / (LargestArray * MostArrays));
        return [.. Enumerable.Range(0, tasks).Chunk(packed).Select(IReadOnlyList<int> (job) => job).Chunk(LargestArray)];
    }
}
