using System.Globalization;
using Holoflow.Contracts;

namespace Holoflow.ReadModel.Scheduling;

public enum WaitKind
{
    NotWaiting,
    PartOfRun,
    RunPaused,
    NotDue,
    QueuePaused,
    LimitReached,
    NoAgentForQueue,
    AgentsOffline,
    NoAgentForTags,
    NoFreeSlot,
    RunsAhead,
    AboutToStart,
    TasksAwaitAllocation,
    TasksAwaitSlot,
    JobInQueue,
}

/// <summary>One link of the chain that holds a run back, for programs and for people.</summary>
public sealed record WaitReason(WaitKind Kind, string Text);

/// <summary>Why a run waits: pure, over facts.</summary>
public static class WaitReasons
{
    /// <summary>Agents tell of themselves every few seconds; one that is silent for longer is not there.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(30);

    /// <summary>Everything that holds the run back now, the nearest cause first; all of it must pass before the run starts.</summary>
    public static IReadOnlyList<WaitReason> Explain(WaitFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.ParentRunId is { } parent)
            return [new(WaitKind.PartOfRun, $"it is part of run {parent} and starts when that calls it")];
        if (facts.StateType == "Paused")
            return [new(WaitKind.RunPaused, $"it is paused{(facts.StateMessage is { } why ? $" ({why})" : "")}: resume it")];
        if (facts is { StateType: "Running" } && (facts.AwaitingAllocation.Count > 0 || facts.AwaitingSlots.Count > 0))
            return [.. facts.AwaitingSlots.Select(OfSlots), .. facts.AwaitingAllocation.Select(tasks => new WaitReason(
                WaitKind.TasksAwaitAllocation, $"it runs, and {tasks.Count} of its tasks {(tasks.Count == 1 ? "has" : "have")} waited for the cluster since {Time(tasks.Since)}: {tasks.Message}"))];
        if (facts is { StateType: "Pending", OwnJob: { } job })
            return [new(WaitKind.JobInQueue, $"an agent has it, and its job {job.JobId} of cluster profile '{job.Cluster}' waits since {Time(job.Since)}: {job.Message}{(job.ExpectedAt is { } at ? $"; Slurm expects it to start at {Time(at)}" : "")}")];
        if (facts.StateType != "Scheduled")
            return [new(WaitKind.NotWaiting, $"it does not wait: it is {facts.StateName}")];

        var reasons = new List<WaitReason>();
        if (facts.DueAt > now)
            reasons.Add(new(WaitKind.NotDue, $"it is due at {Time(facts.DueAt)}{(facts.StateName == "AwaitingRetry" ? ", for its next attempt" : "")}"));
        if (facts.QueuePaused)
            reasons.Add(new(WaitKind.QueuePaused, $"work queue '{facts.Queue}' is paused: resume it with 'holoflow work-queue resume {facts.Queue}'"));
        if (facts.QueueLimit is { } limit && facts.Holding.Count >= limit)
            reasons.Add(new(WaitKind.LimitReached, $"work queue '{facts.Queue}' has reached its limit of {limit}: {Holders(facts.Holding)}"));
        foreach (var full in facts.FullTags)
            reasons.Add(new(WaitKind.LimitReached, full.Slots == 0 ? $"tag '{full.Tag}' has a limit of 0: nothing that carries it starts" : $"tag '{full.Tag}' has reached its limit of {full.Slots}: {Holders(full.Holding)}"));
        if (OfAgents(facts, now) is { } agents)
            reasons.Add(agents);
        if (reasons.Count == 0 || reasons is [{ Kind: WaitKind.LimitReached or WaitKind.NoFreeSlot }])
        {
            if (facts.Ahead > 0)
                reasons.Add(new(WaitKind.RunsAhead, $"{(facts.Ahead >= 1000 ? "1000 or more" : facts.Ahead)} due runs of work queue '{facts.Queue}' go first, by priority and due time"));
            else if (reasons.Count == 0)
                reasons.Add(new(WaitKind.AboutToStart, "nothing holds it back: it is being offered to an agent"));
        }

        return reasons;
    }

    static WaitReason OfSlots(TasksAwaitingSlot tasks) => new(
        WaitKind.TasksAwaitSlot,
        $"it runs, and {tasks.Count} of its tasks {(tasks.Count == 1 ? "has" : "have")} waited for a slot of '{tasks.Limit.Tag}' since {Time(tasks.Since)}: "
        + (tasks.Limit.Slots == 0 ? "it has a limit of 0" : $"its limit is {tasks.Limit.Slots}, and {(tasks.Limit.Holding.Count == 0 ? "others are before them" : Holders(tasks.Limit.Holding))}"));

    static WaitReason? OfAgents(WaitFacts facts, DateTimeOffset now)
    {
        var online = facts.Agents.Where(a => a.Online && now - a.LastSeen < SilentAfter).ToList();
        if (online.Count == 0 && PrivateQueue.Is(facts.Queue))
            return new(WaitKind.AgentsOffline, $"it is in the queue of a 'holoflow run' that has ended: cancel it, and type 'holoflow flow-run retry {facts.RunName}' where it was made");
        if (facts.Agents.Count == 0)
            return new(WaitKind.NoAgentForQueue, $"no agent has ever served work queue '{facts.Queue}': start one with 'holoflow agent start -q {facts.Queue}'");
        if (online.Count == 0)
        {
            var last = facts.Agents.MaxBy(a => a.LastSeen)!;
            return new(WaitKind.AgentsOffline, $"no agent of work queue '{facts.Queue}' is online; '{last.Name}' was heard of last, at {Time(last.LastSeen)}");
        }

        var fitting = online.Where(a => a.Tags.All(tag => facts.Tags.Contains(tag, StringComparer.Ordinal))).ToList();
        if (fitting.Count == 0)
        {
            var nearest = online.MinBy(a => a.Tags.Count(tag => !facts.Tags.Contains(tag, StringComparer.Ordinal)))!;
            return new(WaitKind.NoAgentForTags, $"every agent of work queue '{facts.Queue}' asks for tags that the run lacks; '{nearest.Name}' asks for {string.Join(", ", nearest.Tags)}");
        }

        return fitting.Exists(a => a.FreeSlots > 0)
            ? null
            : new(WaitKind.NoFreeSlot, $"the {fitting.Sum(a => a.Slots)} slots of {string.Join(", ", fitting.Take(5).Select(a => $"'{a.Name}'"))} are all in use");
    }

    static string Holders(IReadOnlyList<HoldingRun> holding) =>
        string.Join(", ", holding.Take(5).Select(h => $"{(h.TaskName is { } task ? $"task '{task}' of " : "")}'{h.Name}' on {h.Agent} since {Time(h.Since)}")) + (holding.Count > 5 ? $" and {holding.Count - 5} more hold it" : holding.Count == 1 ? " holds it" : " hold it");

    static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
