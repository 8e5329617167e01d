using System.Globalization;
using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.Artifacts;

/// <summary>Artifacts of runs.</summary>
public sealed class RunArtifacts(Database database)
{
    const string Selected = "SELECT a.id, a.run_id, a.task_id, a.sequence, a.key, a.type, a.title, a.data, a.file, a.created_at";
    const string Columns = $"{Selected} FROM artifacts a";
    const string OfRuns = $"{Selected}, r.flow_name, r.name FROM artifacts a JOIN flow_runs r ON r.id = a.run_id";
    const string All = $"{Columns} WHERE a.run_id = $1 ORDER BY a.sequence";
    const string Newest = $"{Columns} WHERE a.run_id = $1 AND NOT EXISTS (SELECT 1 FROM artifacts b WHERE b.run_id = $1 AND b.key = a.key AND b.sequence > a.sequence) ORDER BY a.sequence";
    const string InRange = $"{Columns} WHERE a.run_id = $1 AND a.sequence > $2 AND a.sequence <= $3 ORDER BY a.sequence";
    const string One = $"{Columns} WHERE a.run_id = $1 AND a.id = $2";

    /// <summary>The artifacts of a run in the order they were made: of each key the newest, or all.</summary>
    public async Task<IReadOnlyList<ArtifactRow>> Of(Guid runId, bool history, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return session.Query(history ? All : Newest, runId).ReadAll(Read);
    }

    /// <summary>One artifact of a run; null: the run has none with this id.</summary>
    public async Task<ArtifactRow?> Find(Guid runId, Guid id, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return session.Query(One, runId, id).ReadAll(Read).SingleOrDefault();
    }

    /// <summary>Artifacts with a key over all runs, the newest first; one more than the limit tells that there are more.</summary>
    /// <param name="keys">One of these keys.</param>
    /// <param name="flow">Of runs of this flow; null: of any.</param>
    /// <param name="after">After this place: the time of creation and id of the last one seen.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<IReadOnlyList<(ArtifactRow Artifact, string FlowName, string RunName)>> WithKey(
        IReadOnlyList<string> keys, string? flow, (DateTimeOffset CreatedAt, Guid Id)? after, int limit, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var conditions = new SqlConditions();
        conditions.AnyOf("a.key", keys);
        if (flow is not null)
            conditions.Add($"r.flow_name = {conditions.Value(flow)}");
        if (after is var (createdAt, id))
            conditions.Add($"(a.created_at, a.id) < ({conditions.Value(createdAt)}, {conditions.Value(id)})");
        var sql = string.Create(CultureInfo.InvariantCulture, $"{OfRuns} WHERE {conditions.Text} ORDER BY a.created_at DESC, a.id DESC LIMIT {limit + 1}");
        return session.Query(sql, conditions.Values).ReadAll(rows => (Read(rows), rows.Text(10), rows.Text(11)));
    }

    internal static List<ArtifactRow> Between(SqlSession session, Guid runId, long after, long through) => session.Query(InRange, runId, after, through).ReadAll(Read);

    static ArtifactRow Read(SqlRows rows) => new()
    {
        Id = rows.Id(0),
        RunId = rows.Id(1),
        TaskId = rows.IdOrNull(2),
        Sequence = rows.Long(3),
        Key = rows.Text(4),
        Type = rows.Text(5),
        Title = rows.TextOrNull(6),
        Data = rows.TextOrNull(7),
        File = rows.TextOrNull(8),
        CreatedAt = rows.Instant(9),
    };
}
