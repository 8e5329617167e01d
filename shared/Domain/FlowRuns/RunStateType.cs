namespace Holoflow.Domain.FlowRuns;

/// <summary>What the machine decides on. The name beside it is for people.</summary>
public enum RunStateType
{
    Scheduled,
    Pending,
    Running,
    Paused,
    Cancelling,
    Completed,
    Failed,
    Crashed,
    Cancelled,
}

/// <summary>The names that a state may carry within its type; where none applies, the name is the type's own.</summary>
public static class StateNames
{
    public const string Late = "Late";
    public const string AwaitingRetry = "AwaitingRetry";
    public const string Retrying = "Retrying";
    public const string TimedOut = "TimedOut";
    public const string Cached = "Cached";
    public const string Skipped = "Skipped";
}

public static class RunStateTypes
{
    public static bool IsFinal(this RunStateType type) =>
        type is RunStateType.Completed or RunStateType.Failed or RunStateType.Crashed or RunStateType.Cancelled;

    /// <summary>True where an agent holds the run: it has a lease that must be renewed.</summary>
    public static bool IsHeldByAgent(this FlowRun run) => run.Lease is not null;
}
