using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.Artifacts;

/// <summary>Artifacts of runs.</summary>
public sealed class RunArtifacts(Database database)
{
    const string Columns = "SELECT a.id, a.run_id, a.task_id, a.sequence, a.key, a.type, a.title, a.data, a.file, a.created_at FROM artifacts a";
    const string All = $"{Columns} WHERE a.run_id = $1 ORDER BY a.sequence";
    const string Newest = $"{Columns} WHERE a.run_id = $1 AND NOT EXISTS (SELECT 1 FROM artifacts b WHERE b.run_id = $1 AND b.key = a.key AND b.sequence > a.sequence) ORDER BY a.sequence";
    const string InRange = $"{Columns} WHERE a.run_id = $1 AND a.sequence > $2 AND a.sequence <= $3 ORDER BY a.sequence";
    const string One = $"{Columns} WHERE a.run_id = $1 AND a.id = $2";

    /// <summary>The artifacts of a run in the order they were made: of each key the newest, or all.</summary>
    public async Task<IReadOnlyList<ArtifactRow>> Of(Guid runId, bool history, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return ReadAll(session.Query(history ? All : Newest, runId));
    }

    /// <summary>One artifact of a run; null: the run has none with this id.</summary>
    public async Task<ArtifactRow?> Find(Guid runId, Guid id, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return ReadAll(session.Query(One, runId, id)).SingleOrDefault();
    }

    internal static List<ArtifactRow> Between(SqlSession session, Guid runId, long after, long through) => ReadAll(session.Query(InRange, runId, after, through));

    static List<ArtifactRow> ReadAll(SqlRows rows)
    {
        var all = new List<ArtifactRow>();
        using (rows)
        {
            while (rows.Next())
            {
                all.Add(new ArtifactRow
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
                });
            }
        }

        return all;
    }
}
