using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.Allocations;

/// <summary>The jobs of runs on clusters.</summary>
public sealed class RunAllocations(Database database)
{
    const int Most = 10_000;

    static readonly string OfRun = $"""
        SELECT run_id, key, array_index, cluster, job_id, phase, state, message, node, expected_at, requested_at, started_at, ended_at, changed_at, partition, waited_for
        FROM allocations WHERE run_id = $1 ORDER BY requested_at, key, array_index LIMIT {Most}
        """;

    static readonly string TasksOfRun = $"SELECT key, array_index, task_id FROM allocation_tasks WHERE run_id = $1 ORDER BY key, array_index, task_id LIMIT {Most}";

    /// <summary>The jobs that a run asked for, and the one that it is, in the order in which they were asked for.</summary>
    public async Task<IReadOnlyList<AllocationRow>> Of(Guid runId, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session, runId);
    }

    /// <summary>Which task runs each of a run's jobs has begun to execute.</summary>
    public async Task<ILookup<(string Key, int ArrayIndex), Guid>> TasksOf(Guid runId, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return session.Query(TasksOfRun, runId).ReadAll(rows => (Job: (Key: rows.Text(0), ArrayIndex: rows.Int(1)), Task: rows.Id(2))).ToLookup(row => row.Job, row => row.Task);
    }

    internal static IReadOnlyList<AllocationRow> Read(SqlSession session, Guid runId)
    {
        return session.Query(OfRun, runId).ReadAll(rows => new AllocationRow
        {
            RunId = rows.Id(0),
            Key = rows.Text(1),
            ArrayIndex = rows.Int(2),
            Cluster = rows.Text(3),
            JobId = rows.LongOrNull(4),
            Phase = rows.Text(5),
            State = rows.Text(6),
            Message = rows.TextOrNull(7),
            Node = rows.TextOrNull(8),
            ExpectedAt = rows.InstantOrNull(9),
            RequestedAt = rows.Instant(10),
            StartedAt = rows.InstantOrNull(11),
            EndedAt = rows.InstantOrNull(12),
            ChangedAt = rows.Instant(13),
            Partition = rows.TextOrNull(14),
            WaitedFor = rows.TextOrNull(15),
        });
    }
}
