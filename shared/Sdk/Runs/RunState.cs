namespace Holoflow.Sdk;

/// <summary>The types of states of task runs, and of flow runs inside the flow process.</summary>
public enum RunStateType
{
    Pending,
    Running,
    Paused,
    Completed,
    Failed,
    Crashed,
    Cancelled,
}

/// <summary>A state: a type that the machine decides on, and a name that people read.</summary>
/// <param name="Type">The type.</param>
/// <param name="Name">The type's name, or AwaitingRetry, AwaitingAllocation, AwaitingConcurrencySlot, Retrying, TimedOut, Cached, Skipped, or how an allocation ended.</param>
/// <param name="Message">What people should know of it; a long one is cut.</param>
public sealed record RunState(RunStateType Type, string Name, string? Message = null)
{
    const int LongestMessage = 4000;

    /// <summary>What people should know of the state; the log has the whole of a long one.</summary>
    public string? Message { get; init; } = Message is { Length: > LongestMessage } ? string.Concat(Message.AsSpan(0, LongestMessage), "…") : Message;

    internal static RunState Pending { get; } = Of(RunStateType.Pending);

    internal static RunState Running { get; } = Of(RunStateType.Running);

    internal static RunState Retrying { get; } = new(RunStateType.Running, "Retrying");

    internal static RunState Completed { get; } = Of(RunStateType.Completed);

    internal static RunState Cached { get; } = new(RunStateType.Completed, "Cached");

    /// <summary>True where nothing follows within the attempt.</summary>
    public bool IsFinal => Type is RunStateType.Completed or RunStateType.Failed or RunStateType.Crashed or RunStateType.Cancelled;

    public bool IsCompleted => Type == RunStateType.Completed;

    public override string ToString() => Message is null ? Name : $"{Name}: {Message}";

    internal static RunState Of(RunStateType type, string? message = null) => new(type, type.ToString(), message);

    internal static RunState AwaitingRetry(string message) => new(RunStateType.Pending, "AwaitingRetry", message);

    internal static RunState TimedOut(string message) => new(RunStateType.Failed, "TimedOut", message);

    internal static RunState AwaitingAllocation(string message) => new(RunStateType.Pending, "AwaitingAllocation", message);

    internal static RunState AwaitingConcurrencySlot(IReadOnlyList<string> names) =>
        new(RunStateType.Pending, "AwaitingConcurrencySlot", $"waits for a slot of {string.Join(" and ", names.Select(name => $"'{name}'"))}");

    internal static RunState Lost(AllocationFailedException failure) =>
        new(failure.IsOwnFault ? RunStateType.Failed : RunStateType.Crashed, failure.Reason, failure.Message);

    internal static RunState Skipped(string message) => new(RunStateType.Cancelled, "Skipped", message);
}
