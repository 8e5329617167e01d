using System.Globalization;
using Holoflow.Persistence;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.TaskRuns;

/// <summary>An edge between two tasks, with the number of edges between their runs.</summary>
public readonly record struct TaskNameEdge(string From, string To, int Count);

/// <summary>The task graph of a run.</summary>
public sealed class TaskGraph(Database database)
{
    const string NameEdges = """
        SELECT f.task_name, t.task_name, count(*) FROM task_edges e JOIN task_runs f ON f.id = e.from_task JOIN task_runs t ON t.id = e.to_task
        WHERE e.run_id = $1 GROUP BY f.task_name, t.task_name ORDER BY min(f.created_sequence), min(t.created_sequence)
        """;

    const string EdgesOf = "SELECT from_task, to_task FROM task_edges WHERE run_id = $1";

    /// <summary>The edges between the tasks of a run, by name.</summary>
    public async Task<IReadOnlyList<TaskNameEdge>> ByName(Guid runId, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return session.Query(NameEdges, runId).ReadAll(rows => new TaskNameEdge(rows.Text(0), rows.Text(1), rows.Int(2)));
    }

    /// <summary>The first task runs of a run and the edges between them; one task run more than the limit tells that there are more.</summary>
    public async Task<(IReadOnlyList<TaskRunWithProgress> Tasks, IReadOnlyList<(Guid From, Guid To)> Edges)> ByTaskRun(Guid runId, int limit, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var sql = string.Create(CultureInfo.InvariantCulture, $"SELECT {TaskRunColumns.All} FROM {TaskRunColumns.Join} WHERE t.run_id = $1 ORDER BY t.created_sequence LIMIT {limit + 1}");
        var tasks = session.Query(sql, runId).ReadAll(TaskRunColumns.Read);
        var shown = tasks.Take(limit).Select(t => t.Task.Id).ToHashSet();
        var edges = new List<(Guid, Guid)>();
        using var rows = session.Query(EdgesOf, runId);
        while (rows.Next())
        {
            if (shown.Contains(rows.Id(0)) && shown.Contains(rows.Id(1)))
                edges.Add((rows.Id(0), rows.Id(1)));
        }

        return (tasks, edges);
    }
}
