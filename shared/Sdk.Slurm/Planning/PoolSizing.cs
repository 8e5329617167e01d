namespace Holoflow.Sdk.Slurm.Planning;

/// <summary>An allocation of a pool, as its sizing sees it.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Runs">False while Slurm has not started it.</param>
/// <param name="Busy">Tasks that it has.</param>
/// <param name="Remaining">What is left of its walltime; null: no limit, or not started.</param>
/// <param name="Idle">For how long it has had none.</param>
readonly record struct PoolMember(int Id, bool Runs, int Busy, TimeSpan? Remaining, TimeSpan Idle);

/// <summary>A pool, as its sizing sees it.</summary>
/// <param name="Minimum">Allocations that it holds always.</param>
/// <param name="Maximum">Allocations that it holds at most.</param>
/// <param name="Slots">Tasks that one executes at a time.</param>
/// <param name="IdleTimeout">After how long without a task one is given back.</param>
/// <param name="Members">Its allocations.</param>
/// <param name="Backlog">Tasks that wait.</param>
/// <param name="LongestNeed">The walltime that the longest of them needs.</param>
/// <param name="BacklogSeconds">How long one slot would take for all of them; null: not known.</param>
sealed record PoolPicture(
    int Minimum, int Maximum, int Slots, TimeSpan IdleTimeout, IReadOnlyList<PoolMember> Members, int Backlog, TimeSpan LongestNeed, double? BacklogSeconds);

/// <summary>What is done about a pool's size.</summary>
/// <param name="Request">Allocations to request.</param>
/// <param name="Release">Allocations to give back.</param>
sealed record PoolDecision(int Request, IReadOnlyList<int> Release);

/// <summary>How many allocations a pool holds: a pure function of what it has and what waits.</summary>
static class PoolSizing
{
    /// <summary>An allocation that takes less work than this is not worth its place in the queue.</summary>
    const double SecondsWorthAnAllocation = 30;

    public static PoolDecision Decide(PoolPicture pool)
    {
        // One whose walltime is nearly over takes no more tasks: another one is requested before it ends.
        var ending = pool.Members.Where(m => m.Runs && m.Remaining is { } left && left < pool.LongestNeed).ToList();
        var useful = pool.Members.Except(ending).ToList();
        var wanted = Math.Max(pool.Minimum, Needed(pool, useful));
        var room = pool.Maximum + ending.Count(m => m.Busy > 0) - pool.Members.Count;
        var request = Math.Clamp(Math.Min(wanted, pool.Maximum) - useful.Count, 0, Math.Max(0, room));
        return new(request, request > 0 ? [.. Idle(ending)] : [.. Idle(ending), .. Surplus(pool, useful)]);
    }

    static int Needed(PoolPicture pool, List<PoolMember> useful)
    {
        var tasks = pool.Backlog + useful.Sum(m => m.Busy);
        var byCount = (tasks + pool.Slots - 1) / pool.Slots;
        if (pool.BacklogSeconds is not { } seconds)
            return byCount;
        var held = useful.Count(m => m.Busy > 0);
        var byTime = (int)Math.Min(int.MaxValue / 2, Math.Ceiling(seconds / pool.Slots / SecondsWorthAnAllocation));
        return Math.Min(byCount, Math.Max(Math.Min(byCount, 1), held + byTime));
    }

    static IEnumerable<int> Idle(IEnumerable<PoolMember> ending) => ending.Where(m => m.Busy == 0).Select(m => m.Id);

    static IEnumerable<int> Surplus(PoolPicture pool, List<PoolMember> useful)
    {
        if (pool.Backlog > 0)
            return [];
        // Those that wait in the queue are given back first: nobody has waited for them yet.
        return useful.Where(m => m.Busy == 0 && m.Idle >= pool.IdleTimeout).OrderBy(m => m.Runs).ThenByDescending(m => m.Idle).Take(Math.Max(0, useful.Count - pool.Minimum)).Select(m => m.Id);
    }
}
