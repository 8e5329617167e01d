using System.Globalization;
using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.Definitions;

/// <summary>A work queue with how many of its runs wait to be taken and how many are held by agents.</summary>
public readonly record struct WorkQueueWithRuns(WorkQueueRow Queue, int Waiting, int Active);

/// <summary>Work queues and what they would hand out.</summary>
public sealed class WorkQueueLists(Database database)
{
    const string Columns = """
        SELECT q.name, q.description, q.paused, q.concurrency_limit, q.priority, q.revision, q.created_at, q.updated_at,
        (SELECT count(*) FROM flow_runs r WHERE r.queue = q.name AND r.state_type = 'Scheduled' AND r.due_at <= $1),
        (SELECT count(*) FROM flow_runs r WHERE r.queue = q.name AND r.lease_agent IS NOT NULL)
        FROM work_queues q
        """;

    const string Every = $"{Columns} ORDER BY q.priority, q.name";
    const string ByName = $"{Columns} WHERE q.name = $2";

    /// <summary>All queues, by priority and name.</summary>
    public async Task<IReadOnlyList<WorkQueueWithRuns>> All(DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session.Query(Every, now));
    }

    public async Task<WorkQueueWithRuns?> Find(string name, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session.Query(ByName, now, name)) is [var found] ? found : null;
    }

    /// <summary>The runs of a queue that are due, in the order they are handed out.</summary>
    public async Task<IReadOnlyList<FlowRunRow>> Waiting(string name, DateTimeOffset now, int limit, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var sql = string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {FlowRunColumns.All} FROM flow_runs r WHERE r.queue = $1 AND r.state_type = 'Scheduled' AND r.due_at <= $2 ORDER BY r.priority, r.due_at, r.id LIMIT {limit}
            """);
        return session.Query(sql, name, now).ReadAll(FlowRunColumns.Read);
    }

    static List<WorkQueueWithRuns> Read(SqlRows rows) => rows.ReadAll(row => new WorkQueueWithRuns(
        new WorkQueueRow
        {
            Name = row.Text(0),
            Description = row.TextOrNull(1),
            Paused = row.Bool(2),
            ConcurrencyLimit = row.IntOrNull(3),
            Priority = row.Int(4),
            Revision = row.Long(5),
            CreatedAt = row.Instant(6),
            UpdatedAt = row.Instant(7),
        },
        row.Int(8),
        row.Int(9)));
}
