namespace Holoflow.Domain.Concurrency;

/// <summary>A slot that somebody holds until <paramref name="ExpiresAt"/> unless it is renewed; a dead holder gives it back.</summary>
public sealed record Slot(string Holder, int Count, DateTimeOffset ExpiresAt);

/// <summary>The answer to a request for slots.</summary>
public abstract record SlotDecision
{
    /// <summary>The slots as they now are; slots that had expired are gone from it.</summary>
    public sealed record Granted(IReadOnlyList<Slot> Held) : SlotDecision;

    /// <summary>How many are in use, and when the first of them may come free at the latest.</summary>
    public sealed record Full(int InUse, DateTimeOffset? FirstExpiry) : SlotDecision;
}

/// <summary>Somebody who waits for one slot of each of the limits that he names.</summary>
public sealed record SlotRequest(string Holder, IReadOnlyList<string> Names);

/// <summary>Slots are leases: granted up to a limit, renewed, released, or lost by expiry.</summary>
public static class ConcurrencyLimit
{
    /// <summary>
    /// Grants <paramref name="count"/> slots to <paramref name="holder"/> where the limit allows it. A repeat by the same
    /// holder replaces what it holds, so that a lost answer takes no second slot.
    /// </summary>
    public static SlotDecision Acquire(IReadOnlyList<Slot> held, int limit, string holder, int count, DateTimeOffset now, TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var others = held.Where(s => s.ExpiresAt > now && s.Holder != holder).ToList();
        var inUse = others.Sum(s => s.Count);
        if (inUse + count > limit)
            return new SlotDecision.Full(inUse, others.Count == 0 ? null : others.Min(s => s.ExpiresAt));
        return new SlotDecision.Granted([.. others, new Slot(holder, count, now + duration)]);
    }

    /// <summary>
    /// Whether one who waits gets his slots now: each of his limits must have one more free than there are requests before his that name it. So
    /// nobody overtakes who asked for the same, one who needs several is not starved by those who need one, and he takes all of them or none.
    /// </summary>
    /// <param name="names">The free slots of each limit that he names, and how many requests that name it were made before his and wait still.</param>
    public static bool IsNext(IEnumerable<(int Free, int Before)> names) => names.All(name => name.Before < name.Free);

    /// <summary>Who of those that wait, in the order of their asking, gets his slots now. A name without a limit holds nobody back.</summary>
    public static IReadOnlyList<SlotRequest> Next(IReadOnlyDictionary<string, int> free, IEnumerable<SlotRequest> waiting)
    {
        var before = new Dictionary<string, int>(StringComparer.Ordinal);
        var next = new List<SlotRequest>();
        foreach (var request in waiting)
        {
            var limited = request.Names.Where(free.ContainsKey).Distinct(StringComparer.Ordinal).ToList();
            if (IsNext(limited.Select(name => (free[name], before.GetValueOrDefault(name)))))
                next.Add(request);
            foreach (var name in limited)
                before[name] = before.GetValueOrDefault(name) + 1;
        }

        return next;
    }

    /// <summary>The slots without those of <paramref name="holder"/> and without the expired.</summary>
    public static IReadOnlyList<Slot> Release(IReadOnlyList<Slot> held, string holder, DateTimeOffset now) =>
        [.. held.Where(s => s.ExpiresAt > now && s.Holder != holder)];
}
