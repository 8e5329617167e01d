using Holoflow.Domain.FlowRuns;
using Holoflow.Domain.Leases;
using Holoflow.Persistence.Sql;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Runs;

/// <summary>Maps flow runs to their rows.</summary>
static class FlowRunTable
{
    const string Columns = """
        id, name, flow_name, deployment_id, deployment_name, queue, tags, parent_run_id, scheduled_for, started_at, events_through,
        state_type, state_name, state_message, state_at, version, due_at, expires_at, epoch, lease_agent, lease_offer, lease_expires_at,
        run_count, retries_used, crashes_used, max_retries, retry_delay, crash_reschedules, uses_slots, created_at
        """;

    const string ById = $"SELECT {Columns} FROM flow_runs WHERE id = $1";

    const string Update = """
        UPDATE flow_runs SET state_type = $2, state_name = $3, state_message = $4, state_at = $5, version = $6, due_at = $7, expires_at = $8, epoch = $9,
        lease_agent = $10, lease_offer = $11, lease_expires_at = $12, run_count = $13, retries_used = $14, crashes_used = $15, started_at = $16, ended_at = $17
        WHERE id = $1
        """;

    const string InsertState = """
        INSERT INTO flow_run_states (run_id, version, state_type, state_name, message, at, epoch, agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    /// <summary>The run, locked for a decision; null where there is none.</summary>
    public static FlowRunRecord? Load(WriteSession session, Guid id)
    {
        using var rows = session.QueryLocking(ById, id);
        return rows.Next() ? Read(rows) : null;
    }

    /// <summary>Writes what a decision changed, the state into the history, and the change of state into the counts.</summary>
    public static void Save(WriteSession session, FlowRunRecord before, FlowRunRecord record)
    {
        var run = record.Run;
        RunCounts.Move(session, before, record);
        session.Post(
            Update,
            run.Id,
            Text(run.State.Type),
            run.State.Name,
            run.State.Message,
            run.State.At,
            run.Version,
            run.DueAt,
            run.ExpiresAt,
            run.Epoch,
            run.Lease?.AgentId,
            run.Lease?.OfferId,
            run.Lease?.ExpiresAt,
            run.RunCount,
            run.RetriesUsed,
            run.CrashesUsed,
            record.StartedAt,
            run.State.Type.IsFinal() ? run.State.At : null);
        AddState(session, run);
    }

    public static void AddState(WriteSession session, FlowRun run) => session.Post(
        InsertState, run.Id, run.Version, Text(run.State.Type), run.State.Name, run.State.Message, run.State.At, run.Epoch, run.Lease?.AgentId);

    /// <summary>The type's name as it is stored, without formatting it each time.</summary>
    public static string Text(RunStateType type) => type switch
    {
        RunStateType.Scheduled => nameof(RunStateType.Scheduled),
        RunStateType.Pending => nameof(RunStateType.Pending),
        RunStateType.Running => nameof(RunStateType.Running),
        RunStateType.Paused => nameof(RunStateType.Paused),
        RunStateType.Cancelling => nameof(RunStateType.Cancelling),
        RunStateType.Completed => nameof(RunStateType.Completed),
        RunStateType.Failed => nameof(RunStateType.Failed),
        RunStateType.Crashed => nameof(RunStateType.Crashed),
        RunStateType.Cancelled => nameof(RunStateType.Cancelled),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "is no state type"),
    };

    static FlowRunRecord Read(SqlRows rows)
    {
        var epoch = rows.Long(18);
        var lease = rows.TextOrNull(19) is { } agent ? new Lease(agent, rows.Id(20), epoch, rows.Instant(21)) : null;
        return new FlowRunRecord
        {
            Run = new FlowRun(
                rows.Id(0),
                new RunState(Enum.Parse<RunStateType>(rows.Text(11)), rows.Text(12), rows.Instant(14), rows.TextOrNull(13)),
                rows.Long(15),
                rows.Instant(16),
                rows.InstantOrNull(17),
                epoch,
                lease,
                rows.Int(22),
                rows.Int(23),
                rows.Int(24),
                new RetryPolicy(rows.Int(25), TimeSpan.FromMicroseconds(rows.Long(26))),
                new CrashPolicy(rows.Int(27))),
            Name = rows.Text(1),
            FlowName = rows.Text(2),
            DeploymentId = rows.IdOrNull(3),
            DeploymentName = rows.TextOrNull(4),
            Queue = rows.Text(5),
            Tags = rows.Text(6),
            ParentRunId = rows.IdOrNull(7),
            ScheduledFor = rows.Instant(8),
            StartedAt = rows.InstantOrNull(9),
            EventsThrough = rows.Long(10),
            UsesSlots = rows.Bool(28),
            CreatedAt = rows.Instant(29),
        };
    }
}
