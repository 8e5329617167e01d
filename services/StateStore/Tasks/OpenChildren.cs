using Holoflow.Domain.FlowRuns;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;

namespace Holoflow.StateStore.Tasks;

/// <summary>Ends what a run's process left open: its task runs, and its nested runs with theirs.</summary>
static class OpenChildren
{
    const string OpenTasks = "FROM task_runs WHERE run_id = $1 AND state_type IN ('Pending', 'Running', 'Paused')";

    // The history first, while the rows still tell which are open.
    const string EndedStates = $"""
        INSERT INTO task_run_states (task_id, sequence, state_type, state_name, message, at)
        SELECT id, $2, $3, $3, $4, $5 {OpenTasks}
        ON CONFLICT DO NOTHING
        """;

    const string EndTasks = """
        UPDATE task_runs SET state_type = $3, state_name = $3, state_message = $4, state_at = $5, ended_at = $5, sequence = $2
        WHERE run_id = $1 AND state_type IN ('Pending', 'Running', 'Paused')
        """;

    const string OpenNested = "SELECT id FROM flow_runs WHERE parent_run_id = $1 AND state_type NOT IN ('Completed', 'Failed', 'Crashed', 'Cancelled')";

    /// <summary>Ends them as <paramref name="type"/>; the nested runs that changed.</summary>
    /// <param name="session">The write.</param>
    /// <param name="runId">The run.</param>
    /// <param name="through">The journal sequence that was applied last: what a later attempt reports is newer.</param>
    /// <param name="type">Crashed or Cancelled.</param>
    /// <param name="reason">For people.</param>
    /// <param name="now">When they ended.</param>
    public static IReadOnlyList<FlowRunRecord> End(WriteSession session, Guid runId, long through, RunStateType type, string reason, DateTimeOffset now)
    {
        var ended = new List<FlowRunRecord>();
        End(session, runId, through, type, reason, now, ended);
        return ended;
    }

    static void End(WriteSession session, Guid runId, long through, RunStateType type, string reason, DateTimeOffset now, List<FlowRunRecord> ended)
    {
        var name = FlowRunTable.Text(type);
        session.Post(EndedStates, runId, through, name, reason, now);
        session.Post(EndTasks, runId, through, name, reason, now);
        foreach (var nestedId in Nested(session, runId))
        {
            var open = FlowRunTable.Load(session, nestedId)!;
            var nested = open with { Run = open.Run with { State = RunState.Of(type, now, message: reason), Version = open.Run.Version + 1 } };
            FlowRunTable.Save(session, open, nested);
            ended.Add(nested);
            End(session, nestedId, through, type, reason, now, ended);
        }
    }

    static List<Guid> Nested(WriteSession session, Guid runId)
    {
        return session.Query(OpenNested, runId).ReadAll(rows => rows.Id(0));
    }
}
