using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.Rows;
using Holoflow.ReadModel.Scheduling;

namespace Holoflow.ReadModel.Overview;

/// <summary>How many runs created in an hour are in a state.</summary>
public readonly record struct HourlyRuns(DateTimeOffset Hour, string StateType, long Runs);

/// <summary>How many runs that have not ended are in each state.</summary>
public readonly record struct UnfinishedRuns(IReadOnlyDictionary<string, long> ByType, long Late, long Due)
{
    public bool AreNone => ByType.Count == 0;
}

/// <summary>A run that an agent holds, with what tells how far it is.</summary>
/// <param name="Run">The run.</param>
/// <param name="Progress">What the flow says.</param>
/// <param name="TasksEnded">Its task runs that have ended.</param>
/// <param name="Tasks">All of its task runs.</param>
/// <param name="UsualDuration">How long its flow's newest completed runs took, in the middle; null: there was none.</param>
public sealed record HeldRun(FlowRunRow Run, ProgressRow? Progress, long TasksEnded, long Tasks, TimeSpan? UsualDuration);

/// <summary>
/// What all runs do, asked over one session. Every question is answered by an index, at the cost of what it finds, whatever the history holds; where the
/// counts, asked first, tell of no run that has not ended, none is looked for. Where they tell of one it is looked for in every state, since it may change meanwhile.
/// </summary>
public sealed class RunOverview : IAsyncDisposable
{
    const long Hour = 3_600_000_000;

    internal const string ByHour = """
        SELECT hour, state_type, CAST(SUM(runs) AS bigint) FROM run_hours WHERE hour >= $1 GROUP BY hour, state_type HAVING SUM(runs) <> 0 ORDER BY hour, state_type
        """;

    internal const string ByState = """
        SELECT state_type, CAST(SUM(runs) AS bigint) FROM run_counts WHERE state_type IN ('Scheduled', 'Pending', 'Running', 'Paused', 'Cancelling')
        GROUP BY state_type HAVING SUM(runs) <> 0
        """;

    internal const string CountDue = "SELECT count(*) FROM flow_runs WHERE state_type = 'Scheduled' AND due_at <= $1";

    internal const string CountNotLate = "SELECT count(*) FROM flow_runs WHERE state_type = 'Scheduled' AND state_name <> 'Late' AND due_at <= $1";

    internal const string NewestCompleted = """
        SELECT started_at, ended_at FROM flow_runs WHERE flow_name = $1 AND state_type = 'Completed' ORDER BY created_at DESC, id DESC LIMIT 9
        """;

    const string CountTasks = """
        SELECT count(*), count(CASE WHEN state_type IN ('Completed', 'Failed', 'Crashed', 'Cancelled') THEN 1 END) FROM task_runs WHERE run_id = $1
        """;

    const string FlowProgress = "SELECT run_id, subject_id, fraction, count, total, message, seconds_left, sequence, at FROM progress WHERE run_id = $1 AND subject_id = $2";

    static readonly string Held = $"""
        SELECT {FlowRunColumns.All} FROM flow_runs r WHERE r.state_type IN ('Pending', 'Running', 'Cancelling') AND r.parent_run_id IS NULL ORDER BY r.created_at DESC, r.id DESC LIMIT $1
        """;

    static readonly string Waiting = $"""
        SELECT {FlowRunColumns.All} FROM flow_runs r WHERE r.state_type = 'Scheduled' AND r.due_at <= $1 ORDER BY r.due_at, r.id LIMIT $2
        """;

    static readonly string Paused = $"SELECT {FlowRunColumns.All} FROM flow_runs r WHERE r.state_type = 'Paused' ORDER BY r.created_at DESC, r.id DESC LIMIT $1";

    static readonly string Failed = $"""
        SELECT {FlowRunColumns.All} FROM flow_runs r WHERE r.state_type IN ('Failed', 'Crashed') AND r.created_at >= $1 AND r.parent_run_id IS NULL
        ORDER BY r.created_at DESC, r.id DESC LIMIT $2
        """;

    readonly ReadSession _session;

    RunOverview(ReadSession session) => _session = session;

    /// <summary>It must be disposed of.</summary>
    public static async Task<RunOverview> Open(Database database, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        return new RunOverview(await database.OpenReadSession(cancellation));
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    /// <summary>Runs by the hour of their creation and their state now, from an hour on.</summary>
    public IReadOnlyList<HourlyRuns> Activity(DateTimeOffset since) =>
        _session.Query(ByHour, Microseconds.Of(since) / Hour).ReadAll(rows => new HourlyRuns(Microseconds.ToInstant(rows.Long(0) * Hour), rows.Text(1), rows.Long(2)));

    public UnfinishedRuns Unfinished(DateTimeOffset now)
    {
        var counts = RunTotals.Read(_session.Query(ByState));
        if (!counts.ContainsKey("Scheduled"))
            return new UnfinishedRuns(counts, 0, 0);
        var due = _session.Number(CountDue, now) ?? 0;
        return new UnfinishedRuns(counts, due - (_session.Number(CountNotLate, now) ?? 0), due);
    }

    /// <summary>Runs that agents hold, the newest first; nested ones are part of theirs.</summary>
    public IReadOnlyList<HeldRun> Running(UnfinishedRuns unfinished, int limit)
    {
        if (unfinished.AreNone)
            return [];
        var held = _session.Query(Held, limit).ReadAll(FlowRunColumns.Read);
        var usual = held.Select(r => r.FlowName).Distinct(StringComparer.Ordinal).ToDictionary(flow => flow, flow => UsualDuration(_session, flow), StringComparer.Ordinal);
        return [.. held.Select(run => WithProgress(_session, run, usual[run.FlowName]))];
    }

    /// <summary>Runs that are due, the one that waits longest first, then paused ones.</summary>
    public IReadOnlyList<FlowRunRow> WaitingOrPaused(UnfinishedRuns unfinished, DateTimeOffset now, int limit) => unfinished.AreNone
        ? []
        : [.. _session.Query(Waiting, now, limit).ReadAll(FlowRunColumns.Read), .. _session.Query(Paused, limit).ReadAll(FlowRunColumns.Read)];

    /// <summary>What holds one of them back; null: it is gone meanwhile.</summary>
    public WaitFacts? WaitFactsOf(Guid runId, DateTimeOffset now) => WaitFacts.Read(_session, runId, now);

    /// <summary>The newest runs that failed or crashed, of those created since the beginning of the hour that <paramref name="activity"/> is told from.</summary>
    public IReadOnlyList<FlowRunRow> FailedSince(UnfinishedRuns unfinished, IReadOnlyList<HourlyRuns> activity, DateTimeOffset since, int limit) =>
        !unfinished.AreNone || activity.Any(a => a.StateType is "Failed" or "Crashed") ? _session.Query(Failed, since, limit).ReadAll(FlowRunColumns.Read) : [];

    static HeldRun WithProgress(SqlSession session, FlowRunRow run, TimeSpan? usual)
    {
        ProgressRow? progress = null;
        using (var rows = session.Query(FlowProgress, run.Id, run.Id))
        {
            if (rows.Next())
                progress = ProgressColumns.Read(rows);
        }

        using var counts = session.Query(CountTasks, run.Id);
        _ = counts.Next();
        return new HeldRun(run, progress, counts.Long(1), counts.Long(0), usual);
    }

    static TimeSpan? UsualDuration(SqlSession session, string flow)
    {
        var durations = session.Query(NewestCompleted, flow).ReadAll(rows => rows.InstantOrNull(1) - rows.InstantOrNull(0)).OfType<TimeSpan>().Order().ToList();
        return durations.Count == 0 ? null : durations[durations.Count / 2];
    }
}
