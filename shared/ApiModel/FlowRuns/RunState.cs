namespace Holoflow.ApiModel.FlowRuns;

/// <summary>What the state store decides on.</summary>
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

/// <summary>The state of a flow run.</summary>
/// <param name="Type">What the state store decides on.</param>
/// <param name="Name">What people read: the type, or Late, AwaitingRetry, Retrying, TimedOut, Skipped.</param>
/// <param name="At">When it was entered.</param>
/// <param name="Message">Why.</param>
public sealed record RunState(RunStateType Type, string Name, DateTimeOffset At, string? Message = null)
{
    /// <summary>True where the run has ended.</summary>
    public bool IsFinal() => Type is RunStateType.Completed or RunStateType.Failed or RunStateType.Crashed or RunStateType.Cancelled;
}
