using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Scheduling;

namespace Holoflow.ReadModel.Definitions;

/// <summary>A limit with the runs and tasks that hold its slots.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Holding">Who holds them, the oldest first.</param>
/// <param name="Waiting">How many tasks wait for one.</param>
public sealed record ConcurrencyLimitWithHolders(ConcurrencyLimitRow Limit, IReadOnlyList<HoldingRun> Holding, int Waiting);

/// <summary>The limits of tags.</summary>
public sealed class ConcurrencyLimitLists(Database database)
{
    const string Rows = """
        SELECT l.name, l.slots, l.revision, l.created_at, l.updated_at, (SELECT COUNT(*) FROM slot_waits w WHERE w.limit_name = l.name),
        r.id, r.name, COALESCE(r.lease_agent, ''), COALESCE(q.granted_at, r.state_at), t.id, t.run_name
        FROM concurrency_limits l LEFT JOIN concurrency_slots s ON s.limit_name = l.name LEFT JOIN flow_runs r ON r.id = s.run_id
        LEFT JOIN slot_requests q ON q.id = s.holder LEFT JOIN task_runs t ON t.id = q.task_id
        """;

    const string Every = $"{Rows} ORDER BY l.name, 10, s.holder";
    const string OfTag = $"{Rows} WHERE l.name = $1 ORDER BY 10, s.holder";

    /// <summary>All limits, by tag.</summary>
    public async Task<IReadOnlyList<ConcurrencyLimitWithHolders>> All(CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session.Query(Every));
    }

    public async Task<ConcurrencyLimitWithHolders?> Find(string tag, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session.Query(OfTag, tag)).FirstOrDefault();
    }

    static List<ConcurrencyLimitWithHolders> Read(SqlRows rows)
    {
        var all = new List<ConcurrencyLimitWithHolders>();
        var holding = new List<HoldingRun>();
        using (rows)
        {
            while (rows.Next())
            {
                if (all.Count == 0 || all[^1].Limit.Name != rows.Text(0))
                {
                    holding = [];
                    all.Add(new(new ConcurrencyLimitRow { Name = rows.Text(0), Slots = rows.Int(1), Revision = rows.Long(2), CreatedAt = rows.Instant(3), UpdatedAt = rows.Instant(4) }, holding, (int)rows.Long(5)));
                }

                if (rows.IdOrNull(6) is { } run)
                    holding.Add(new HoldingRun(run, rows.Text(7), rows.Text(8), rows.Instant(9)) { TaskId = rows.IdOrNull(10), TaskName = rows.TextOrNull(11) });
            }
        }

        return all;
    }
}
