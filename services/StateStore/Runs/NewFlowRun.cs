using System.Text.Json;
using Holoflow.Domain.FlowRuns;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Runs;

/// <summary>A run that is about to be stored for the first time, with all that it is found by.</summary>
sealed record NewFlowRun
{
    const string InsertFlow = "INSERT INTO flows (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";

    const string InsertRun = """
        INSERT INTO flow_runs (id, name, flow_name, deployment_id, deployment_name, schedule_id, fire_time, idempotency_key, queue, priority, tags,
        parent_run_id, parent_task_id, state_type, state_name, state_message, state_at, version, created_at, scheduled_for, due_at, expires_at, started_at,
        epoch, run_count, retries_used, crashes_used, max_retries, retry_delay, crash_reschedules, events_through)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, 0, 0, 0, 0, $24, $25, $26, 0)
        ON CONFLICT DO NOTHING
        """;

    const string InsertContents = "INSERT INTO flow_run_contents (run_id, parameters, program) VALUES ($1, $2, $3)";
    const string InsertParameter = "INSERT INTO flow_run_parameters (name, value, created_at, run_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    const string InsertTag = "INSERT INTO flow_run_tags (tag, created_at, run_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

    public required FlowRun Run { get; init; }

    public required string Name { get; init; }

    public required string FlowName { get; init; }

    public required string Queue { get; init; }

    public int Priority { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>A JSON object.</summary>
    public required JsonElement Parameters { get; init; }

    public string? Program { get; init; }

    public Guid? DeploymentId { get; init; }

    public string? DeploymentName { get; init; }

    public Guid? ScheduleId { get; init; }

    public DateTimeOffset? FireTime { get; init; }

    public string? IdempotencyKey { get; init; }

    public Guid? ParentRunId { get; init; }

    public Guid? ParentTaskId { get; init; }

    /// <summary>Stores it; false where one with its id or its key is there already.</summary>
    public bool Insert(WriteSession session)
    {
        var created = Run.State.At;
        AddFlow(session, FlowName, created);
        var inserted = session.Execute(
            InsertRun,
            Run.Id,
            Name,
            FlowName,
            DeploymentId,
            DeploymentName,
            ScheduleId,
            FireTime,
            IdempotencyKey,
            Queue,
            Priority,
            StoreFormat.Tags(Tags),
            ParentRunId,
            ParentTaskId,
            FlowRunTable.Text(Run.State.Type),
            Run.State.Name,
            Run.State.Message,
            created,
            Run.Version,
            created,
            FireTime ?? Run.DueAt,
            Run.DueAt,
            Run.ExpiresAt,
            Run.State.Type == RunStateType.Running ? created : null,
            Run.Retry.MaxRetries,
            (long)Run.Retry.Delay.TotalMicroseconds,
            Run.OnCrash.MaxReschedules);
        if (inserted == 0)
            return false;
        session.Post(InsertContents, Run.Id, Parameters.GetRawText(), Program);
        foreach (var parameter in Parameters.EnumerateObject())
            session.Post(InsertParameter, parameter.Name, ParameterValue.Of(parameter.Value), created, Run.Id);
        foreach (var tag in Tags)
            session.Post(InsertTag, tag, created, Run.Id);
        FlowRunTable.AddState(session, Run);
        RunCounts.Add(session, ToRecord());
        return true;
    }

    /// <summary>Remembers a flow by its name.</summary>
    public static void AddFlow(WriteSession session, string name, DateTimeOffset now) => session.Post(InsertFlow, Guid.CreateVersion7(now), name, now);

    public FlowRunRecord ToRecord() => new()
    {
        Run = Run,
        Name = Name,
        FlowName = FlowName,
        DeploymentId = DeploymentId,
        DeploymentName = DeploymentName,
        Queue = Queue,
        Tags = StoreFormat.Tags(Tags),
        ParentRunId = ParentRunId,
        CreatedAt = Run.State.At,
        ScheduledFor = FireTime ?? Run.DueAt,
    };
}
