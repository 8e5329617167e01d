namespace Holoflow.Contracts;

/// <summary>A flow run changed its state; stored in the transaction of the change, delivered at least once.</summary>
[Message("run-state-changed", Addresses.RunStateChanged, Identity = "RunId, Version")]
public sealed record RunStateChanged : IRouted
{
    public required Guid RunId { get; init; }

    public required long Version { get; init; }

    public required string RunName { get; init; }

    public required string FlowName { get; init; }

    public Guid? DeploymentId { get; init; }

    public Guid? ParentRunId { get; init; }

    public required string Queue { get; init; }

    public required string StateType { get; init; }

    public required string StateName { get; init; }

    public string? Message { get; init; }

    public required DateTimeOffset At { get; init; }

    public string RoutingKey => $"run.{StateType}.{RoutingWord.Of(Queue)}";
}

/// <summary>Task runs, progress, artifacts or nested runs of a run changed; the receiver reads what it needs.</summary>
[Message("task-runs-changed", Addresses.TaskRunsChanged, Identity = "RunId, ThroughSequence")]
public sealed record TaskRunsChanged(Guid RunId, long ThroughSequence) : IRouted
{
    public string RoutingKey => $"task.{RunId:N}";
}

/// <summary>Expired leases, late runs, expired runs: what the scheduler's tick asks the state store to sweep.</summary>
[Message("sweep-runs", Addresses.StateStore)]
public sealed record SweepRuns : IRequest<SweepAnswered>;

/// <summary>How many runs the sweep changed.</summary>
[Message("sweep-answered", Addresses.Answers)]
public sealed record SweepAnswered(int LeasesExpired, int MarkedLate, int ExpiredLate);
