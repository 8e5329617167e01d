using System.Globalization;
using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.TaskRuns;

/// <summary>Which task runs are looked for. All that is given must hold.</summary>
public sealed record TaskRunQuery
{
    /// <summary>Null: of all runs, the newest task run first; else in order of submission.</summary>
    public Guid? RunId { get; init; }

    public IReadOnlyList<StateCondition> States { get; init; } = [];

    public IReadOnlyList<string> TaskNames { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Text { get; init; }
}

/// <summary>A place in a list of task runs: the sequence that created the last row within its run, and its id.</summary>
public readonly record struct TaskRunKey(long CreatedSequence, Guid Id);

/// <param name="Rows">The task runs.</param>
/// <param name="Next">Where to go on; null: there are no more.</param>
public sealed record TaskRunPage(IReadOnlyList<TaskRunWithProgress> Rows, TaskRunKey? Next);

/// <summary>Task runs: lists by keyset pages, and single ones.</summary>
public sealed class TaskRunLists(Database database)
{
    const string ById = $"SELECT {TaskRunColumns.All} FROM {TaskRunColumns.Join} WHERE t.id = $1";
    const string Inputs = "SELECT from_task, name FROM task_edges WHERE run_id = $1 AND to_task = $2 ORDER BY name, from_task";

    public async Task<TaskRunPage> Page(TaskRunQuery query, TaskRunKey? after, int limit, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var conditions = Conditions(query);
        if (after is { } key)
        {
            conditions.Add(query.RunId is null
                ? $"t.id < {conditions.Value(key.Id)}"
                : $"(t.created_sequence, t.id) > ({conditions.Value(key.CreatedSequence)}, {conditions.Value(key.Id)})");
        }

        // Ids sort by time.
        var order = query.RunId is null ? "t.id DESC" : "t.created_sequence, t.id";
        var sql = string.Create(CultureInfo.InvariantCulture, $"SELECT {TaskRunColumns.All} FROM {TaskRunColumns.Join} WHERE {conditions.Text} ORDER BY {order} LIMIT {limit + 1}");
        var rows = session.Query(sql, conditions.Values).ReadAll(TaskRunColumns.Read);
        return rows.Count <= limit
            ? new TaskRunPage(rows, null)
            : new TaskRunPage(rows[..limit], new TaskRunKey(rows[limit - 1].Task.CreatedSequence, rows[limit - 1].Task.Id));
    }

    /// <summary>The task run, its flow run and its inputs; null: there is none.</summary>
    public async Task<(TaskRunWithProgress Task, FlowRunRow? Run, IReadOnlyList<(Guid From, string Name)> Inputs)?> Find(Guid id, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        if (session.Query(ById, id).ReadAll(TaskRunColumns.Read) is not [var task])
            return null;
        var run = FlowRunDetails.Find(session, task.Task.RunId);
        return (task, run, session.Query(Inputs, task.Task.RunId, id).ReadAll(rows => (rows.Id(0), rows.Text(1))));
    }

    SqlConditions Conditions(TaskRunQuery query)
    {
        var conditions = new SqlConditions();
        if (query.RunId is { } run)
            conditions.Add($"t.run_id = {conditions.Value(run)}");
        if (query.States.Count > 0)
            conditions.Add($"({string.Join(" OR ", query.States.Select(s => Of(conditions, s)))})");
        conditions.AnyOf("t.task_name", query.TaskNames);
        foreach (var tag in query.Tags)
            conditions.Add(JsonTags.Contains(database.Provider, "t.tags", conditions.Value(tag)));
        if (query.Text is { } text)
        {
            var like = database.Provider == DatabaseProvider.Sqlite ? "LIKE" : "ILIKE";
            conditions.Add($@"t.run_name {like} {conditions.Value(LikeText.Containing(text))} ESCAPE '\'");
        }

        return conditions;
    }

    static string Of(SqlConditions conditions, StateCondition state) => state.Name is { } name
        ? $"(t.state_type = {conditions.Value(state.Type)} AND t.state_name = {conditions.Value(name)})"
        : $"t.state_type = {conditions.Value(state.Type)}";
}
