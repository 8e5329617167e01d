namespace Holoflow.Persistence.Model;

public sealed class FlowRunRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string FlowName { get; init; }

    public Guid? DeploymentId { get; init; }

    /// <summary>As it was when the run was submitted: a deleted deployment's runs stay legible.</summary>
    public string? DeploymentName { get; init; }

    public Guid? ScheduleId { get; init; }

    public DateTimeOffset? FireTime { get; init; }

    public string? IdempotencyKey { get; init; }

    public required string Queue { get; init; }

    public required int Priority { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string Tags { get; init; }

    /// <summary>The run whose process this nested run is part of.</summary>
    public Guid? ParentRunId { get; init; }

    public Guid? ParentTaskId { get; init; }

    public required string StateType { get; init; }

    public required string StateName { get; init; }

    public string? StateMessage { get; init; }

    public required DateTimeOffset StateAt { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the run was asked to start; stays over retries.</summary>
    public required DateTimeOffset ScheduledFor { get; init; }

    /// <summary>When it may start next.</summary>
    public required DateTimeOffset DueAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it first was Running.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>It, or a task of it, has asked for a slot of a concurrency limit.</summary>
    public bool UsesSlots { get; init; }

    public required long Epoch { get; init; }

    public string? LeaseAgent { get; init; }

    public Guid? LeaseOffer { get; init; }

    public DateTimeOffset? LeaseExpiresAt { get; init; }

    public required int RunCount { get; init; }

    public required int RetriesUsed { get; init; }

    public required int CrashesUsed { get; init; }

    public required int MaxRetries { get; init; }

    /// <summary>Microseconds.</summary>
    public required long RetryDelay { get; init; }

    public required int CrashReschedules { get; init; }

    /// <summary>The journal sequence up to which the run's reported events were applied.</summary>
    public required long EventsThrough { get; init; }
}

/// <summary>The large parts of a run, which no list needs and no transition rewrites.</summary>
public sealed class FlowRunContentRow
{
    public required Guid RunId { get; init; }

    public required string Parameters { get; init; }

    /// <summary>JSON of a RunProgram; null for a nested run.</summary>
    public string? Program { get; init; }

    public string? Result { get; init; }
}

/// <summary>One parameter of a run in the form of <see cref="ParameterValue"/>, to find runs by.</summary>
public sealed class FlowRunParameterRow
{
    public required string Name { get; init; }

    public required string Value { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required Guid RunId { get; init; }
}

/// <summary>One tag of a run, to find runs by.</summary>
public sealed class FlowRunTagRow
{
    public required string Tag { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required Guid RunId { get; init; }
}

/// <summary>One state that a run was in.</summary>
public sealed class FlowRunStateRow
{
    public required Guid RunId { get; init; }

    public required long Version { get; init; }

    public required string StateType { get; init; }

    public required string StateName { get; init; }

    public string? Message { get; init; }

    public required DateTimeOffset At { get; init; }

    public required long Epoch { get; init; }

    public string? Agent { get; init; }
}
