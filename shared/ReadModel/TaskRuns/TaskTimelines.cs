using System.Globalization;
using Holoflow.Persistence;
using Holoflow.ReadModel.Following;
using Holoflow.ReadModel.FlowRuns;

namespace Holoflow.ReadModel.TaskRuns;

/// <summary>When a task run was created, started and ended, and its state.</summary>
public readonly record struct TaskTimes(Guid Id, string TaskName, string RunName, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string StateType, string StateName);

/// <summary>The times of all task runs of a run.</summary>
public sealed class TaskTimelines(Database database)
{
    /// <summary>No page draws more.</summary>
    const int Most = 200_000;

    static readonly string Times = string.Create(CultureInfo.InvariantCulture, $"""
        SELECT id, task_name, run_name, created_at, started_at, ended_at, state_type, state_name FROM task_runs WHERE run_id = $1 ORDER BY created_sequence LIMIT {Most + 1}
        """);

    /// <summary>Null: there is no such run.</summary>
    public async Task<(FollowPosition Position, IReadOnlyList<TaskTimes> Tasks, bool Truncated)?> Read(Guid runId, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        // The run first: what changes while the rest is read is newer than its sequence, and is followed from there.
        if (FlowRunDetails.Find(session, runId) is not { } run)
            return null;
        var tasks = session.Query(Times, runId).ReadAll(
            rows => new TaskTimes(rows.Id(0), rows.Text(1), rows.Text(2), rows.Instant(3), rows.InstantOrNull(4), rows.InstantOrNull(5), rows.Text(6), rows.Text(7)));
        var truncated = tasks.Count > Most;
        return (new FollowPosition(run.Version, run.EventsThrough, 0), truncated ? tasks[..Most] : tasks, truncated);
    }
}
