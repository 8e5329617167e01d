using Holoflow.Domain.TaskRuns;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Tasks;

/// <summary>Maps task runs, their history and their edges to rows.</summary>
static class TaskRunTable
{
    const string ById = "SELECT run_id, state_type, state_name, sequence, run_count, state_at, state_message, started_at, ended_at FROM task_runs WHERE id = $1";

    const string InsertRow = """
        INSERT INTO task_runs (id, run_id, created_sequence, key, task_name, run_name, map_index, tags, created_at,
        state_type, state_name, state_message, state_at, sequence, run_count, started_at, ended_at, description)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """;

    const string UpdateRow = """
        UPDATE task_runs SET state_type = $2, state_name = $3, state_message = $4, state_at = $5, sequence = $6, run_count = $7, started_at = $8, ended_at = $9 WHERE id = $1
        """;

    const string InsertStateRow = """
        INSERT INTO task_run_states (task_id, sequence, state_type, state_name, message, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
        """;

    const string InsertEdgeRow = "INSERT INTO task_edges (run_id, to_task, from_task, name) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

    public static TaskRunRecord? Load(WriteSession session, Guid id)
    {
        using var rows = session.Query(ById, id);
        if (!rows.Next())
            return null;
        return new TaskRunRecord(id, rows.Id(0), new TaskRun(Enum.Parse<TaskStateType>(rows.Text(1)), rows.Text(2), rows.Long(3), rows.Int(4), rows.Instant(5)))
        {
            Message = rows.TextOrNull(6),
            StartedAt = rows.InstantOrNull(7),
            EndedAt = rows.InstantOrNull(8),
        };
    }

    public static void Insert(WriteSession session, TaskRunRecord task)
    {
        var made = task.Made!;
        session.Post(
            InsertRow,
            task.Id,
            task.RunId,
            made.Sequence,
            made.Key ?? made.TaskName ?? "task",
            made.TaskName ?? made.Key ?? "task",
            made.RunName ?? made.Key ?? made.TaskName ?? "task",
            made.MapIndex,
            StoreFormat.Tags(made.Tags),
            made.At,
            Text(task.State.Type),
            task.State.Name,
            task.Message,
            task.State.At,
            task.State.Sequence,
            task.State.RunCount,
            task.StartedAt,
            task.EndedAt,
            made.Description);
    }

    public static void Update(WriteSession session, TaskRunRecord task) => session.Post(
        UpdateRow, task.Id, Text(task.State.Type), task.State.Name, task.Message, task.State.At, task.State.Sequence, task.State.RunCount, task.StartedAt, task.EndedAt);

    public static void InsertState(WriteSession session, Guid taskId, TaskRun state, string? message) =>
        session.Post(InsertStateRow, taskId, state.Sequence, Text(state.Type), state.Name, message, state.At);

    public static void InsertEdge(WriteSession session, Guid runId, Guid to, Guid from, string name) => session.Post(InsertEdgeRow, runId, to, from, name);

    static string Text(TaskStateType type) => type switch
    {
        TaskStateType.Pending => nameof(TaskStateType.Pending),
        TaskStateType.Running => nameof(TaskStateType.Running),
        TaskStateType.Paused => nameof(TaskStateType.Paused),
        TaskStateType.Completed => nameof(TaskStateType.Completed),
        TaskStateType.Failed => nameof(TaskStateType.Failed),
        TaskStateType.Crashed => nameof(TaskStateType.Crashed),
        TaskStateType.Cancelled => nameof(TaskStateType.Cancelled),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "is no state type"),
    };
}
