using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Runs;

/// <summary>
/// Whether leases may expire now. After a time in which no sweep came through (the broker, the database or all state stores were away, the
/// machine slept) agents first get the chance to renew: a run that can be reached is never called Crashed. All state stores share one row
/// of the database for this, so that it does not matter which of them a sweep reaches.
/// </summary>
/// <param name="holdOff">How long agents get; zero: leases always expire.</param>
/// <param name="longestGap">
/// A longer time between two sweeps means that renewals may have failed. Half a lease: agents renew at a third of it, so what held
/// before the gap holds still.
/// </param>
sealed class LeaseWatch(TimeSpan holdOff, TimeSpan longestGap)
{
    const string Load = "SELECT swept_at, leases_kept_until FROM sweeps WHERE id = 1";
    const string Save = """
        INSERT INTO sweeps (id, swept_at, leases_kept_until) VALUES (1, $1, $2)
        ON CONFLICT (id) DO UPDATE SET swept_at = excluded.swept_at, leases_kept_until = excluded.leases_kept_until
        """;

    public bool MayExpireLeases(WriteSession session, DateTimeOffset now)
    {
        if (holdOff == TimeSpan.Zero)
            return true;
        var keptUntil = KeptUntil(session, now);
        session.Post(Save, now, keptUntil);
        return now >= keptUntil;
    }

    // A clock that was set is a gap too, in either direction: leases are counted by it.
    DateTimeOffset KeptUntil(WriteSession session, DateTimeOffset now)
    {
        using var rows = session.QueryLocking(Load);
        return rows.Next() && (now - rows.Instant(0)).Duration() <= longestGap ? rows.Instant(1) : now + holdOff;
    }
}
