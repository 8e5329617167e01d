using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Slots;

/// <summary>Limits, the slots that are held, and who waits for one.</summary>
static class SlotTable
{
    // All of them, and in one order: whoever changes slots does so alone, in whatever process.
    const string Limits = "SELECT name, slots FROM concurrency_limits ORDER BY name";
    const string InUse = "SELECT COALESCE(SUM(slots), 0) FROM concurrency_slots WHERE limit_name = $1";
    const string OfHolder = "SELECT limit_name FROM concurrency_slots WHERE holder = $1";
    const string Take = """
        INSERT INTO concurrency_slots (limit_name, holder, slots, expires_at, run_id) VALUES ($1, $2, 1, $3, $4)
        ON CONFLICT (limit_name, holder) DO NOTHING
        """;

    const string GiveBack = "DELETE FROM concurrency_slots WHERE holder = $1 RETURNING limit_name";
    const string GiveBackOfRun = "DELETE FROM concurrency_slots WHERE run_id = $1 RETURNING limit_name";
    const string InsertRequest = "INSERT INTO slot_requests (id, run_id, task_id, names, asked_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING";
    const string MarkGranted = "UPDATE slot_requests SET granted_at = $2 WHERE id = $1";
    const string RunOf = "SELECT run_id FROM slot_requests WHERE id = $1";
    const string DeleteRequest = "DELETE FROM slot_requests WHERE id = $1";
    const string DeleteRequestsOfRun = "DELETE FROM slot_requests WHERE run_id = $1";
    const string InsertWait = "INSERT INTO slot_waits (limit_name, asked_at, request) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    const string EndWaits = "DELETE FROM slot_waits WHERE request = $1 RETURNING limit_name";
    const string EndWaitsOfRun = "DELETE FROM slot_waits WHERE request IN (SELECT id FROM slot_requests WHERE run_id = $1) RETURNING limit_name";
    const string First = "SELECT request FROM slot_waits WHERE limit_name = $1 ORDER BY asked_at, request LIMIT $2";
    const string WaitsOf = "SELECT limit_name, asked_at FROM slot_waits WHERE request = $1 ORDER BY limit_name";
    const string Before = "SELECT COUNT(*) FROM slot_waits WHERE limit_name = $1 AND (asked_at < $2 OR (asked_at = $2 AND request < $3))";
    const string Holder = "SELECT lease_agent, epoch FROM flow_runs WHERE id = $1";
    const string MarkUsing = "UPDATE flow_runs SET uses_slots = TRUE WHERE id = $1 AND NOT uses_slots";

    /// <summary>All limits, locked until the transaction ends.</summary>
    public static Dictionary<string, int> LockLimits(WriteSession session)
    {
        var limits = new Dictionary<string, int>(StringComparer.Ordinal);
        using var rows = session.QueryLocking(Limits);
        while (rows.Next())
            limits[rows.Text(0)] = rows.Int(1);
        return limits;
    }

    public static int CountInUse(WriteSession session, string name) => (int)session.Number(InUse, name)!.Value;

    public static HashSet<string> NamesOf(WriteSession session, Guid holder) => Names(session, OfHolder, holder);

    /// <summary>They go with the lease of the run, whatever ends it: no time of their own.</summary>
    public static void TakeSlot(WriteSession session, string name, Guid holder, Guid run) => session.Post(Take, name, holder, DateTimeOffset.MaxValue, run);

    public static void MarkRun(WriteSession session, Guid run) => session.Post(MarkUsing, run);

    public static void Insert(WriteSession session, Guid request, Guid run, Guid? task, IReadOnlyList<string> names, DateTimeOffset at) =>
        session.Post(InsertRequest, request, run, task, StoreFormat.Tags(names), at);

    public static void Wait(WriteSession session, string name, DateTimeOffset at, Guid request) => session.Post(InsertWait, name, at, request);

    public static void Granted(WriteSession session, Guid request, DateTimeOffset now) => session.Post(MarkGranted, request, now);

    /// <summary>Forgets a request; the limits of which a slot, or a place in the row, came free.</summary>
    public static HashSet<string> Forget(WriteSession session, Guid request)
    {
        var names = Names(session, GiveBack, request);
        names.UnionWith(Names(session, EndWaits, request));
        session.Post(DeleteRequest, request);
        return names;
    }

    /// <summary>Ends a request's wait.</summary>
    public static void EndWait(WriteSession session, Guid request) => Names(session, EndWaits, request);

    /// <summary>Forgets all that a run and its tasks hold and wait for.</summary>
    public static HashSet<string> ForgetRun(WriteSession session, Guid run)
    {
        var names = Names(session, GiveBackOfRun, run);
        names.UnionWith(Names(session, EndWaitsOfRun, run));
        session.Post(DeleteRequestsOfRun, run);
        return names;
    }

    /// <summary>Those who have waited longest for the limit.</summary>
    public static List<Guid> FirstWaiting(WriteSession session, string name, int most)
    {
        return session.Query(First, name, most).ReadAll(rows => rows.Id(0));
    }

    /// <summary>What a request waits for, and since when.</summary>
    public static List<(string Name, DateTimeOffset Since)> Waits(WriteSession session, Guid request)
    {
        return session.Query(WaitsOf, request).ReadAll(rows => (rows.Text(0), rows.Instant(1)));
    }

    public static int CountBefore(WriteSession session, string name, DateTimeOffset at, Guid request) => (int)session.Number(Before, name, at, request)!.Value;

    public static Guid? Run(WriteSession session, Guid request)
    {
        using var rows = session.Query(RunOf, request);
        return rows.Next() ? rows.Id(0) : null;
    }

    /// <summary>The agent that holds the run; null: none does.</summary>
    public static (string Agent, long Epoch)? AgentOf(WriteSession session, Guid run)
    {
        using var rows = session.Query(Holder, run);
        return rows.Next() && rows.TextOrNull(0) is { } agent ? (agent, rows.Long(1)) : null;
    }

    static HashSet<string> Names(WriteSession session, string sql, Guid id)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var rows = session.Query(sql, id);
        while (rows.Next())
            names.Add(rows.Text(0));
        return names;
    }
}
