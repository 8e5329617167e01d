using Holoflow.Domain.Concurrency;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;

namespace Holoflow.StateStore.Slots;

/// <summary>The slots that a run holds by its own tags from its claim until its lease ends.</summary>
static class RunSlots
{
    const string Any = "SELECT COUNT(*) FROM concurrency_limits";
    const string Limit = "SELECT slots FROM concurrency_limits WHERE name = $1";
    const string Held = "SELECT holder, slots FROM concurrency_slots WHERE limit_name = $1";

    /// <summary>Takes a slot of each of the run's tags that has a limit, or none of them; why not, or null where they are taken.</summary>
    public static string? TakeFor(WriteSession session, FlowRunRecord record, DateTimeOffset now)
    {
        if (record.Tags == "[]" || session.Number(Any) == 0)
            return null;
        var limited = new List<string>();
        // In one order, so that two claims never wait for each other crosswise.
        foreach (var tag in StoreFormat.Tags(record.Tags).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            // Locked: two claims cannot both take the last slot.
            if (LockedLimit(session, tag) is not { } limit)
                continue;
            if (ConcurrencyLimit.Acquire(HeldOf(session, tag), limit, record.Run.Id.ToString(), 1, now, TimeSpan.FromDays(1)) is SlotDecision.Full full)
                return $"tag '{tag}' has reached its limit of {limit} at a time ({full.InUse} {(full.InUse == 1 ? "holds" : "hold")} it)";
            limited.Add(tag);
        }

        foreach (var tag in limited)
            SlotTable.TakeSlot(session, tag, record.Run.Id, record.Run.Id);
        if (limited.Count > 0)
            SlotTable.MarkRun(session, record.Run.Id);
        return null;
    }

    static int? LockedLimit(WriteSession session, string tag)
    {
        using var rows = session.QueryLocking(Limit, tag);
        return rows.Next() ? rows.Int(0) : null;
    }

    // What is there is held: it goes with the lease of its run.
    static List<Slot> HeldOf(WriteSession session, string tag)
    {
        return session.Query(Held, tag).ReadAll(rows => new Slot(rows.Id(0).ToString(), rows.Int(1), DateTimeOffset.MaxValue));
    }
}
