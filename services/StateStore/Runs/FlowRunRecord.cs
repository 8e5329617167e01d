using Holoflow.Domain.FlowRuns;

namespace Holoflow.StateStore.Runs;

/// <summary>A flow run as it is stored: what the machine knows of it, and what it does not ask.</summary>
sealed record FlowRunRecord
{
    public required FlowRun Run { get; init; }

    public required string Name { get; init; }

    public required string FlowName { get; init; }

    public Guid? DeploymentId { get; init; }

    public string? DeploymentName { get; init; }

    public required string Queue { get; init; }

    public required string Tags { get; init; }

    public Guid? ParentRunId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ScheduledFor { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>It, or a task of it, has asked for a slot of a concurrency limit.</summary>
    public bool UsesSlots { get; init; }

    /// <summary>The journal sequence up to which reported events were applied.</summary>
    public long EventsThrough { get; init; }
}
