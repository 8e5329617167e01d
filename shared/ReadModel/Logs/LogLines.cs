using System.Globalization;
using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.Logs;

/// <summary>Which log lines of a run are looked for.</summary>
public sealed record LogQuery
{
    /// <summary>After this position.</summary>
    public long After { get; init; }

    /// <summary>Before this position, the last ones; null: the first ones after <see cref="After"/>.</summary>
    public long? Before { get; init; }

    /// <summary>At least as grave: 0 trace to 5 critical.</summary>
    public int MinimumLevel { get; init; }

    public Guid? TaskId { get; init; }

    /// <summary>A part of the text.</summary>
    public string? Text { get; init; }
}

/// <summary>Log lines of runs, by position.</summary>
public sealed class LogLines(Database database)
{
    const string Columns = "SELECT run_id, source, number, position, nested_run_id, task_id, at, level, logger, text, fields FROM log_lines";

    /// <summary>The next lines of a run, or the last ones before a position, in order of position.</summary>
    public async Task<IReadOnlyList<LogLineRow>> Read(Guid runId, LogQuery query, int limit, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session, runId, query, limit);
    }

    internal static List<LogLineRow> Read(SqlSession session, Guid runId, LogQuery query, int limit)
    {
        var conditions = new SqlConditions();
        conditions.Add($"run_id = {conditions.Value(runId)}");
        conditions.Add($"position > {conditions.Value(query.After)}");
        if (query.Before is { } before)
            conditions.Add($"position < {conditions.Value(before)}");
        if (query.MinimumLevel > 0)
            conditions.Add($"level >= {conditions.Value(query.MinimumLevel)}");
        if (query.TaskId is { } task)
            conditions.Add($"task_id = {conditions.Value(task)}");
        if (query.Text is { } text)
        {
            var like = session.Provider == DatabaseProvider.Sqlite ? "LIKE" : "ILIKE";
            conditions.Add($@"text {like} {conditions.Value(LikeText.Containing(text))} ESCAPE '\'");
        }

        var sql = string.Create(CultureInfo.InvariantCulture, $"{Columns} WHERE {conditions.Text} ORDER BY position {(query.Before is null ? "" : "DESC ")}LIMIT {limit}");
        var lines = session.Query(sql, conditions.Values).ReadAll(rows => new LogLineRow
        {
            RunId = rows.Id(0),
            Source = rows.Int(1),
            Number = rows.Long(2),
            Position = rows.Long(3),
            NestedRunId = rows.IdOrNull(4),
            TaskId = rows.IdOrNull(5),
            At = rows.Instant(6),
            Level = rows.Int(7),
            Logger = rows.TextOrNull(8),
            Text = rows.Text(9),
            Fields = rows.TextOrNull(10),
        });
        if (query.Before is not null)
            lines.Reverse();
        return lines;
    }
}
