namespace Holoflow.ApiModel.FlowRuns;

/// <summary>A flow run in a list: no parameters, no result.</summary>
public record FlowRunRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string FlowName { get; init; }

    public Guid? DeploymentId { get; init; }

    /// <summary>Without the flow's name.</summary>
    public string? DeploymentName { get; init; }

    /// <summary>The run that called this one, where it is a nested flow.</summary>
    public Guid? ParentRunId { get; init; }

    /// <summary>The work queue.</summary>
    public required string Queue { get; init; }

    /// <summary>A lower number goes first.</summary>
    public int Priority { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public required RunState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was, or is, to start.</summary>
    public required DateTimeOffset DueAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How often it was launched.</summary>
    public int RunCount { get; init; }

    /// <summary>Counts its state changes.</summary>
    public long Version { get; init; }
}
