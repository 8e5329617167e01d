using Holoflow.ReadModel.Scheduling;

namespace Holoflow.Scheduler.Offers;

/// <summary>An agent as the plan sees it: its slots without those that are kept for offers under way.</summary>
sealed record AgentSlots(string AgentId, IReadOnlyList<string> Queues, IReadOnlyList<string> Tags, int FreeSlots)
{
    /// <summary>Whether the agent would take the run: it serves its queue, and the run carries all tags that it asks for.</summary>
    public bool Takes(WaitingRun run) => Queues.Contains(run.Queue, StringComparer.Ordinal) && Tags.All(tag => run.Tags.Contains(tag, StringComparer.Ordinal));
}

/// <summary>A run that is to be offered, and the slot that is kept for it.</summary>
sealed record PlannedOffer(WaitingRun Run, string AgentId);

/// <summary>
/// Which runs to offer now: pure. A lower number goes first, of queues and then of runs; then the longer due. Never more than a queue's
/// limit, never more than the free slots, and none is left out that a free slot could take.
/// </summary>
static class OfferPlan
{
    /// <param name="due">Runs that are due and not under way as an offer.</param>
    /// <param name="queues">The defined queues, with what is held; runs of others know no limit.</param>
    /// <param name="agents">Who could take runs.</param>
    /// <param name="underWay">How many offers of a queue are under way: they count as held.</param>
    public static IReadOnlyList<PlannedOffer> Decide(
        IEnumerable<WaitingRun> due, IReadOnlyDictionary<string, QueueLoad> queues, IReadOnlyList<AgentSlots> agents, IReadOnlyDictionary<string, int> underWay)
    {
        var free = agents.ToDictionary(a => a.AgentId, a => a.FreeSlots, StringComparer.Ordinal);
        var taken = new Dictionary<string, int>(underWay, StringComparer.Ordinal);
        var offers = new List<PlannedOffer>();
        foreach (var run in due.OrderBy(r => queues.GetValueOrDefault(r.Queue)?.Priority ?? 0).ThenBy(r => r.Priority).ThenBy(r => r.DueAt).ThenBy(r => r.Id))
        {
            if (!HasRoom(queues.GetValueOrDefault(run.Queue), taken.GetValueOrDefault(run.Queue)))
                continue;
            if (Pick(run, agents, free) is not { } agent)
                continue;
            free[agent]--;
            taken[run.Queue] = taken.GetValueOrDefault(run.Queue) + 1;
            offers.Add(new PlannedOffer(run, agent));
        }

        return offers;
    }

    /// <summary>How many more runs of the queue may start.</summary>
    public static int Room(QueueLoad? queue, int underWay) => queue switch
    {
        { Paused: true } => 0,
        { ConcurrencyLimit: { } limit } => Math.Max(0, limit - queue.Held - underWay),
        _ => int.MaxValue,
    };

    static bool HasRoom(QueueLoad? queue, int underWay) => Room(queue, underWay) > 0;

    // The most particular agent first: one that takes anything is kept for what the others cannot take.
    static string? Pick(WaitingRun run, IReadOnlyList<AgentSlots> agents, Dictionary<string, int> free) => agents
        .Where(a => free[a.AgentId] > 0 && a.Takes(run))
        .OrderByDescending(a => a.Tags.Count)
        .ThenBy(a => a.Queues.Count)
        .ThenByDescending(a => free[a.AgentId])
        .FirstOrDefault()?.AgentId;
}
