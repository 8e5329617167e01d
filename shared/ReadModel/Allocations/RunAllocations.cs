using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.Allocations;

/// <summary>The jobs of runs on clusters.</summary>
public sealed class RunAllocations(Database database)
{
    const int Most = 10_000;

    static readonly string OfRun = $"""
        SELECT run_id, key, array_index, cluster, job_id, phase, state, message, node, expected_at, requested_at, started_at, ended_at, changed_at
        FROM allocations WHERE run_id = $1 ORDER BY requested_at, key, array_index LIMIT {Most}
        """;

    /// <summary>The jobs that a run asked for, and the one that it is, in the order in which they were asked for.</summary>
    public async Task<IReadOnlyList<AllocationRow>> Of(Guid runId, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session, runId);
    }

    internal static IReadOnlyList<AllocationRow> Read(SqlSession session, Guid runId)
    {
        var all = new List<AllocationRow>();
        using var rows = session.Query(OfRun, runId);
        while (rows.Next())
        {
            all.Add(new AllocationRow
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
            });
        }

        return all;
    }
}
