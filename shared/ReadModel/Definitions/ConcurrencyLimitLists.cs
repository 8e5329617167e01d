using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Scheduling;

namespace Holoflow.ReadModel.Definitions;

/// <summary>A limited tag with the runs that hold its slots.</summary>
public sealed record ConcurrencyLimitWithHolders(ConcurrencyLimitRow Limit, IReadOnlyList<HoldingRun> Holding);

/// <summary>The limits of tags.</summary>
public sealed class ConcurrencyLimitLists(Database database)
{
    const string Rows = """
        SELECT l.name, l.slots, l.revision, l.created_at, l.updated_at, r.id, r.name, COALESCE(r.lease_agent, ''), r.state_at
        FROM concurrency_limits l LEFT JOIN concurrency_slots s ON s.limit_name = l.name LEFT JOIN flow_runs r ON r.id = s.holder
        """;

    const string Every = $"{Rows} ORDER BY l.name, r.state_at, r.id";
    const string OfTag = $"{Rows} WHERE l.name = $1 ORDER BY r.state_at, r.id";

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
                    all.Add(new(new ConcurrencyLimitRow { Name = rows.Text(0), Slots = rows.Int(1), Revision = rows.Long(2), CreatedAt = rows.Instant(3), UpdatedAt = rows.Instant(4) }, holding));
                }

                if (rows.IdOrNull(5) is { } run)
                    holding.Add(new HoldingRun(run, rows.Text(6), rows.Text(7), rows.Instant(8)));
            }
        }

        return all;
    }
}
