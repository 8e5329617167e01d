using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.Rows;

/// <summary>A task run with its newest progress.</summary>
public readonly record struct TaskRunWithProgress(TaskRunRow Task, ProgressRow? Progress)
{
    /// <summary>The journal sequence of its newest change of state or progress.</summary>
    public long Sequence => Math.Max(Task.Sequence, Progress?.Sequence ?? 0);
}

/// <summary>The columns of a task run and its progress, and how they are read.</summary>
static class TaskRunColumns
{
    const int ProgressFirst = 18;

    /// <summary>Of the table or alias <c>t</c> joined by <see cref="Join"/>.</summary>
    public const string All = """
        t.id, t.run_id, t.created_sequence, t.key, t.task_name, t.run_name, t.map_index, t.tags, t.state_type, t.state_name, t.state_message, t.state_at,
        t.sequence, t.run_count, t.created_at, t.started_at, t.ended_at, t.description,
        p.run_id, p.subject_id, p.fraction, p.count, p.total, p.message, p.seconds_left, p.sequence, p.at
        """;

    public const string Join = "task_runs t LEFT JOIN progress p ON p.run_id = t.run_id AND p.subject_id = t.id";

    public static TaskRunWithProgress Read(SqlRows rows) => new(
        new TaskRunRow
        {
            Id = rows.Id(0),
            RunId = rows.Id(1),
            CreatedSequence = rows.Long(2),
            Key = rows.Text(3),
            TaskName = rows.Text(4),
            RunName = rows.Text(5),
            MapIndex = rows.IntOrNull(6),
            Tags = rows.Text(7),
            StateType = rows.Text(8),
            StateName = rows.Text(9),
            StateMessage = rows.TextOrNull(10),
            StateAt = rows.Instant(11),
            Sequence = rows.Long(12),
            RunCount = rows.Int(13),
            CreatedAt = rows.Instant(14),
            StartedAt = rows.InstantOrNull(15),
            EndedAt = rows.InstantOrNull(16),
            Description = rows.TextOrNull(17),
        },
        rows.IdOrNull(ProgressFirst) is null ? null : ProgressColumns.Read(rows, ProgressFirst));
}
