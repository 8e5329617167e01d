using Holoflow.Contracts;
using Holoflow.Persistence.Writes;

namespace Holoflow.LogIngest;

/// <summary>Stores the lines of a run once each, in the order in which they come.</summary>
static class LogTable
{
    // Lines of one run take their positions one process at a time.
    const string LockRun = "SELECT 1 FROM flow_runs WHERE id = $1";
    const string LastPosition = "SELECT MAX(position) FROM log_lines WHERE run_id = $1";
    const string Insert = """
        INSERT INTO log_lines (run_id, source, number, position, nested_run_id, task_id, at, level, logger, text, fields)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (run_id, source, number) DO NOTHING
        """;

    /// <summary>The source of the one line that says where a log was cut off.</summary>
    public const int TruncationSource = -3;

    /// <summary>How many lines were new; null where there is no such run (it was deleted: its lines go with it).</summary>
    public static int? Store(WriteSession session, LogChunk chunk, LogIngestOptions options, DateTimeOffset now)
    {
        using (var rows = session.QueryLocking(LockRun, chunk.RunId))
        {
            if (!rows.Next())
                return null;
        }

        var first = (session.Number(LastPosition, chunk.RunId) ?? 0) + 1;
        var position = first;
        foreach (var line in chunk.Lines)
        {
            if (position > options.MostLinesPerRun)
            {
                position += AddTruncation(session, chunk.RunId, position, options.MostLinesPerRun.Value, now);
                break;
            }

            position += session.Execute(
                Insert,
                chunk.RunId,
                line.Source,
                line.Number,
                position,
                line.NestedRun,
                line.Task,
                line.At,
                line.Level,
                line.Logger,
                StoredText.Of(line.Text, options.LongestLine),
                line.Fields);
        }

        return (int)(position - first);
    }

    /// <summary>What that line says.</summary>
    public static string TruncationText(long most) => $"the log is cut off here: {most} lines of a run are kept; all of it is in the run's directory";

    static int AddTruncation(WriteSession session, Guid runId, long position, long most, DateTimeOffset now) =>
        session.Execute(Insert, runId, TruncationSource, 1L, position, null, null, now, 3, "holoflow", TruncationText(most), null);
}
