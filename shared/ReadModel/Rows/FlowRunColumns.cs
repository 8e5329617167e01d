using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.Rows;

/// <summary>The columns of a flow run, and how they are read.</summary>
static class FlowRunColumns
{
    /// <summary>Of the table or alias <c>r</c>.</summary>
    public const string All = """
        r.id, r.name, r.flow_name, r.deployment_id, r.deployment_name, r.schedule_id, r.fire_time, r.idempotency_key, r.queue, r.priority, r.tags,
        r.parent_run_id, r.parent_task_id, r.state_type, r.state_name, r.state_message, r.state_at, r.version, r.created_at, r.scheduled_for, r.due_at,
        r.expires_at, r.started_at, r.ended_at, r.epoch, r.lease_agent, r.lease_offer, r.lease_expires_at, r.run_count, r.retries_used, r.crashes_used,
        r.max_retries, r.retry_delay, r.crash_reschedules, r.events_through
        """;

    public static FlowRunRow Read(SqlRows rows) => new()
    {
        Id = rows.Id(0),
        Name = rows.Text(1),
        FlowName = rows.Text(2),
        DeploymentId = rows.IdOrNull(3),
        DeploymentName = rows.TextOrNull(4),
        ScheduleId = rows.IdOrNull(5),
        FireTime = rows.InstantOrNull(6),
        IdempotencyKey = rows.TextOrNull(7),
        Queue = rows.Text(8),
        Priority = rows.Int(9),
        Tags = rows.Text(10),
        ParentRunId = rows.IdOrNull(11),
        ParentTaskId = rows.IdOrNull(12),
        StateType = rows.Text(13),
        StateName = rows.Text(14),
        StateMessage = rows.TextOrNull(15),
        StateAt = rows.Instant(16),
        Version = rows.Long(17),
        CreatedAt = rows.Instant(18),
        ScheduledFor = rows.Instant(19),
        DueAt = rows.Instant(20),
        ExpiresAt = rows.InstantOrNull(21),
        StartedAt = rows.InstantOrNull(22),
        EndedAt = rows.InstantOrNull(23),
        Epoch = rows.Long(24),
        LeaseAgent = rows.TextOrNull(25),
        LeaseOffer = rows.IdOrNull(26),
        LeaseExpiresAt = rows.InstantOrNull(27),
        RunCount = rows.Int(28),
        RetriesUsed = rows.Int(29),
        CrashesUsed = rows.Int(30),
        MaxRetries = rows.Int(31),
        RetryDelay = rows.Long(32),
        CrashReschedules = rows.Int(33),
        EventsThrough = rows.Long(34),
    };
}
