using Holoflow.Persistence;

namespace Holoflow.ReadModel.Retention;

/// <summary>Ended runs that are to be kept no longer. Nested runs go with theirs; a run that has not ended is never among them.</summary>
public sealed class OldRuns(Database database)
{
    // By the time of creation, which has an index: a run cannot have ended before it.
    internal const string EndedBefore = """
        SELECT id FROM flow_runs
        WHERE state_type IN ('Completed', 'Failed', 'Crashed', 'Cancelled') AND created_at < $1 AND ended_at < $1 AND parent_run_id IS NULL LIMIT $2
        """;

    const string FullFlows = """
        SELECT flow_name FROM run_counts WHERE state_type IN ('Completed', 'Failed', 'Crashed', 'Cancelled') GROUP BY flow_name HAVING SUM(runs) > $1
        """;

    const string BeyondNewest = """
        SELECT id FROM flow_runs WHERE flow_name = $1 AND state_type IN ('Completed', 'Failed', 'Crashed', 'Cancelled') AND parent_run_id IS NULL
        ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3
        """;

    /// <summary>Some of the runs that ended before a time.</summary>
    public async Task<IReadOnlyList<Guid>> Before(DateTimeOffset time, int limit, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return session.Query(EndedBefore, time, limit).ReadAll(rows => rows.Id(0));
    }

    /// <summary>Some of the runs that are not among the newest ended ones of their flow.</summary>
    public async Task<IReadOnlyList<Guid>> Beyond(int newest, int limit, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var ids = new List<Guid>();
        foreach (var flow in session.Query(FullFlows, newest).ReadAll(rows => rows.Text(0)))
        {
            ids.AddRange(session.Query(BeyondNewest, flow, limit - ids.Count, newest).ReadAll(rows => rows.Id(0)));
            if (ids.Count >= limit)
                break;
        }

        return ids;
    }
}
