namespace Holoflow.Domain.Schedules;

/// <summary>Why a fire time does not become a run.</summary>
public enum SkipReason
{
    /// <summary>Older than the expiry of late runs.</summary>
    Expired,

    /// <summary>Late, and the policy is to run none that are.</summary>
    Missed,

    /// <summary>Late, and the policy is to run only the newest.</summary>
    Superseded,

    /// <summary>More fire times than one decision may make runs of.</summary>
    OverLimit,
}

/// <summary>Fire times that follow each other and are skipped for one reason.</summary>
/// <param name="Count">How many; null where there are more than <see cref="CatchUpPlan.MostCounted"/>.</param>
public sealed record SkippedFireTimes(SkipReason Reason, DateTimeOffset First, DateTimeOffset Last, int? Count);

/// <summary>What to do about the fire times between two looks at a schedule.</summary>
/// <param name="Runs">Fire times that become runs, oldest first.</param>
/// <param name="Skipped">The others, oldest first.</param>
/// <param name="DecidedThrough">Nothing up to here is left to decide: the next decision's <c>lastFired</c>.</param>
public sealed record CatchUpPlan(IReadOnlyList<DateTimeOffset> Runs, IReadOnlyList<SkippedFireTimes> Skipped, DateTimeOffset DecidedThrough)
{
    /// <summary>Longer stretches of skipped fire times are not counted out.</summary>
    public const int MostCounted = 10_000;

    /// <summary>
    /// Decides about every fire time after <paramref name="lastFired"/> up to and with <paramref name="now"/>: each is in exactly one of
    /// <see cref="Runs"/> and <see cref="Skipped"/>. Costs little even after years: only the newest fire times are looked at one by one.
    /// </summary>
    /// <param name="lastFired">The last fire time decided on; for a new or resumed schedule the time when it was created or resumed.</param>
    /// <param name="now">Where it lies before <paramref name="lastFired"/> (a clock stepped back) nothing is decided.</param>
    public static CatchUpPlan Decide(Schedule schedule, DateTimeOffset lastFired, DateTimeOffset now, CatchUpRules rules)
    {
        if (now <= lastFired)
            return new CatchUpPlan([], [], lastFired);

        var onTimeFrom = now - Earlier(rules.Grace, now);
        var expiredBefore = rules.Expiry is { } expiry ? now - Earlier(expiry, now) : DateTimeOffset.MinValue;
        var newest = Newest(schedule, lastFired, now, rules.MaxRuns);
        var firstRun = newest.FindIndex(due => due >= expiredBefore && (rules.Policy == CatchUpPolicy.All || due >= onTimeFrom));
        if (rules.Policy == CatchUpPolicy.Last && firstRun < 0 && newest.Count > 0 && newest[^1] >= expiredBefore)
            firstRun = newest.Count - 1;

        List<DateTimeOffset> runs = firstRun < 0 ? [] : newest[firstRun..];
        var skippedBefore = runs.Count > 0 ? runs[0] : now.AddTicks(1);
        var late = rules.Policy switch
        {
            CatchUpPolicy.All => SkipReason.OverLimit,
            CatchUpPolicy.Last => SkipReason.Superseded,
            _ => SkipReason.Missed,
        };

        var skipped = new List<SkippedFireTimes>();
        var from = lastFired;
        foreach (var (reason, before) in new[]
                 {
                     (SkipReason.Expired, Earliest(expiredBefore, skippedBefore)),
                     (late, Earliest(onTimeFrom, skippedBefore)),
                     (SkipReason.OverLimit, skippedBefore),
                 })
        {
            if (before <= from)
                continue;
            if (Between(schedule, from, before, reason) is { } stretch)
                Add(skipped, stretch);
            from = before.AddTicks(-1);
        }

        return new CatchUpPlan(runs, skipped, now);
    }

    /// <summary>The newest fire times after <paramref name="after"/> up to <paramref name="through"/>, at most <paramref name="most"/>, oldest first.</summary>
    static List<DateTimeOffset> Newest(Schedule schedule, DateTimeOffset after, DateTimeOffset through, int most)
    {
        // A schedule can be asked forwards only, so the window grows backwards until it holds enough.
        var all = through - after;
        for (var window = TimeSpan.FromMinutes(1); ; window *= 2)
        {
            var isAll = window >= all;
            var found = schedule.Occurrences(isAll ? after : through - window).TakeWhile(due => due <= through).ToList();
            if (isAll || found.Count >= most)
                return found.Count > most ? found[^most..] : found;
        }
    }

    /// <summary>The stretch of fire times after <paramref name="after"/> and before <paramref name="before"/>.</summary>
    static SkippedFireTimes? Between(Schedule schedule, DateTimeOffset after, DateTimeOffset before, SkipReason reason)
    {
        var last = before.AddTicks(-1);
        var known = schedule.Occurrences(after).TakeWhile(due => due <= last).Take(MostCounted + 1).ToList();
        return known.Count switch
        {
            0 => null,
            > MostCounted => new SkippedFireTimes(reason, known[0], Newest(schedule, after, last, 1)[0], null),
            _ => new SkippedFireTimes(reason, known[0], known[^1], known.Count),
        };
    }

    static void Add(List<SkippedFireTimes> skipped, SkippedFireTimes next)
    {
        if (skipped.Count > 0 && skipped[^1].Reason == next.Reason)
            skipped[^1] = skipped[^1] with { Last = next.Last, Count = skipped[^1].Count + next.Count };
        else
            skipped.Add(next);
    }

    static DateTimeOffset Earliest(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    static TimeSpan Earlier(TimeSpan span, DateTimeOffset now) =>
        span.Ticks < now.UtcTicks ? span : new TimeSpan(now.UtcTicks);
}
