using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.FlowRuns;

/// <summary>Single flow runs.</summary>
public sealed class FlowRunDetails(Database database)
{
    const string ById = $"SELECT {FlowRunColumns.All} FROM flow_runs r WHERE r.id = $1";
    const string ContentOf = "SELECT parameters, program, result FROM flow_run_contents WHERE run_id = $1";
    const string TaskCounts = "SELECT state_type, count(*) FROM task_runs WHERE run_id = $1 GROUP BY state_type";

    const string TaskCountsByName = """
        SELECT task_name, state_type, count(*), min(created_sequence) FROM task_runs WHERE run_id = $1 GROUP BY task_name, state_type ORDER BY min(created_sequence)
        """;

    const string States = "SELECT run_id, version, state_type, state_name, message, at, epoch, agent FROM flow_run_states WHERE run_id = $1 ORDER BY version";
    const string ProgressOf = "SELECT run_id, subject_id, fraction, count, total, message, seconds_left, sequence, at FROM progress WHERE run_id = $1 AND subject_id = $2";

    /// <summary>The run without its large parts; null: there is none.</summary>
    public async Task<FlowRunRow?> Find(Guid id, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Find(session, id);
    }

    /// <summary>A run's large parts and the number of its task runs by state type.</summary>
    public async Task<(FlowRunContentRow Content, IReadOnlyDictionary<string, int> TaskCounts)> Contents(Guid id, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var content = FindContent(session, id);
        return (content, session.Query(TaskCounts, id).ReadAll(rows => (rows.Text(0), rows.Int(1))).ToDictionary(StringComparer.Ordinal));
    }

    /// <summary>All states the run was in, in order.</summary>
    public async Task<IReadOnlyList<FlowRunStateRow>> History(Guid id, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return session.Query(States, id).ReadAll(rows => new FlowRunStateRow
        {
            RunId = rows.Id(0),
            Version = rows.Long(1),
            StateType = rows.Text(2),
            StateName = rows.Text(3),
            Message = rows.TextOrNull(4),
            At = rows.Instant(5),
            Epoch = rows.Long(6),
            Agent = rows.TextOrNull(7),
        });
    }

    /// <summary>The flow's own progress, and its tasks by name with the number of their runs by state type.</summary>
    public async Task<(ProgressRow? Flow, IReadOnlyList<(string TaskName, IReadOnlyDictionary<string, int> States)> Tasks)> Progress(Guid id, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var progress = FindProgress(session, id);
        var names = new List<string>();
        var tasks = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        using var rows = session.Query(TaskCountsByName, id);
        while (rows.Next())
        {
            if (!tasks.TryGetValue(rows.Text(0), out var states))
            {
                tasks[rows.Text(0)] = states = new Dictionary<string, int>(StringComparer.Ordinal);
                names.Add(rows.Text(0));
            }

            states[rows.Text(1)] = rows.Int(2);
        }

        return (progress, [.. names.Select(name => (name, (IReadOnlyDictionary<string, int>)tasks[name]))]);
    }

    static FlowRunContentRow FindContent(SqlSession session, Guid id)
    {
        using var rows = session.Query(ContentOf, id);
        return rows.Next()
            ? new FlowRunContentRow { RunId = id, Parameters = rows.Text(0), Program = rows.TextOrNull(1), Result = rows.TextOrNull(2) }
            : new FlowRunContentRow { RunId = id, Parameters = "{}" };
    }

    static ProgressRow? FindProgress(SqlSession session, Guid id)
    {
        using var rows = session.Query(ProgressOf, id, id);
        return rows.Next() ? ProgressColumns.Read(rows) : null;
    }

    internal static FlowRunRow? Find(SqlSession session, Guid id)
    {
        using var rows = session.Query(ById, id);
        return rows.Next() ? FlowRunColumns.Read(rows) : null;
    }
}
