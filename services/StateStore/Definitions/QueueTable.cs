using Holoflow.Persistence.Sql;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Definitions;

readonly record struct QueueLimits(bool Paused, int? ConcurrencyLimit);

sealed record QueueRecord(string Name, string? Description, bool Paused, int? ConcurrencyLimit, int Priority, long Revision);

/// <summary>Work queues and their rows.</summary>
static class QueueTable
{
    public const string Default = "default";
    const string Find = "SELECT 1 FROM work_queues WHERE name = $1";
    const string Limits = "SELECT paused, concurrency_limit FROM work_queues WHERE name = $1";
    const string ByName = "SELECT name, description, paused, concurrency_limit, priority, revision FROM work_queues WHERE name = $1";
    const string InsertMissing = """
        INSERT INTO work_queues (name, description, paused, concurrency_limit, priority, revision, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (name) DO NOTHING
        """;

    const string Update = "UPDATE work_queues SET description = $2, paused = $3, concurrency_limit = $4, priority = $5, revision = $6, updated_at = $7 WHERE name = $1";

    public static bool Exists(WriteSession session, string name) => session.Number(Find, name) is not null;

    /// <summary>What holds a queue's runs back, locked so that two claims cannot both take its last slot; null for a queue that nobody defined.</summary>
    public static QueueLimits? LoadLimits(WriteSession session, string name)
    {
        // A queue without a limit has no last slot: most claims need not wait for each other.
        return Read(session.Query(Limits, name)) is { ConcurrencyLimit: null } free ? free : Read(session.QueryLocking(Limits, name));

        static QueueLimits? Read(SqlRows rows)
        {
            using (rows)
                return rows.Next() ? new QueueLimits(rows.Bool(0), rows.IntOrNull(1)) : null;
        }
    }

    public static QueueRecord? Load(WriteSession session, string name)
    {
        using var rows = session.QueryLocking(ByName, name);
        return rows.Next() ? new QueueRecord(rows.Text(0), rows.TextOrNull(1), rows.Bool(2), rows.IntOrNull(3), rows.Int(4), rows.Long(5)) : null;
    }

    public static void Insert(WriteSession session, QueueRecord queue, DateTimeOffset now) =>
        session.Execute(InsertMissing, queue.Name, queue.Description, queue.Paused, queue.ConcurrencyLimit, queue.Priority, queue.Revision, now);

    public static void Save(WriteSession session, QueueRecord queue, DateTimeOffset now) =>
        session.Execute(Update, queue.Name, queue.Description, queue.Paused, queue.ConcurrencyLimit, queue.Priority, queue.Revision, now);
}
