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

    /// <summary>The slots without those of <paramref name="holder"/> and without the expired.</summary>
    public static IReadOnlyList<Slot> Release(IReadOnlyList<Slot> held, string holder, DateTimeOffset now) =>
        [.. held.Where(s => s.ExpiresAt > now && s.Holder != holder)];
}
