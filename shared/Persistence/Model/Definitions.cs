namespace Holoflow.Persistence.Model;

/// <summary>A flow that was seen: by a deployment or by a run.</summary>
public sealed class FlowRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

public sealed class WorkQueueRow
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public required bool Paused { get; init; }

    /// <summary>How many runs of the queue may be held by agents at a time; null: any number.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>A lower number goes first.</summary>
    public required int Priority { get; init; }

    public required long Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

public sealed class DeploymentRow
{
    public required Guid Id { get; init; }

    public required string FlowName { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>JSON of a RunProgram.</summary>
    public required string Program { get; init; }

    /// <summary>JSON Schema.</summary>
    public required string ParameterSchema { get; init; }

    /// <summary>JSON object of defaults.</summary>
    public required string Parameters { get; init; }

    public required string Queue { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string Tags { get; init; }

    public required int Priority { get; init; }

    public required string Infrastructure { get; init; }

    public required long Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

public sealed class ScheduleRow
{
    public required Guid Id { get; init; }

    public required Guid DeploymentId { get; init; }

    public string? Cron { get; init; }

    public double? IntervalSeconds { get; init; }

    public DateTimeOffset? AnchorDate { get; init; }

    public string? Rrule { get; init; }

    public string? TimeZone { get; init; }

    public required bool Active { get; init; }

    public required string CatchUp { get; init; }

    public double? ExpirySeconds { get; init; }

    public string? Parameters { get; init; }

    /// <summary>Fire times up to here were turned into runs, or were before the schedule was made or switched on.</summary>
    public required DateTimeOffset AdvancedThrough { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

public sealed class ConcurrencyLimitRow
{
    public required string Name { get; init; }

    public required int Slots { get; init; }

    public required long Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

public sealed class ConcurrencySlotRow
{
    public required string LimitName { get; init; }

    /// <summary>The flow run, or the request of one of its tasks, that holds the slots.</summary>
    public required Guid Holder { get; init; }

    public required int Slots { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The flow run with whose lease they go.</summary>
    public required Guid RunId { get; init; }
}

public sealed class SlotRequestRow
{
    public required Guid Id { get; init; }

    public required Guid RunId { get; init; }

    /// <summary>Null: the flow itself asks.</summary>
    public Guid? TaskId { get; init; }

    /// <summary>JSON array of strings: all that it asked for.</summary>
    public required string Names { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Null: it waits.</summary>
    public DateTimeOffset? GrantedAt { get; init; }
}

public sealed class SlotWaitRow
{
    public required string LimitName { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public required Guid Request { get; init; }
}

/// <summary>A command that was carried out.</summary>
public sealed class InboxRow
{
    public required Guid Id { get; init; }

    public Guid? AnsweredId { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset At { get; init; }
}
