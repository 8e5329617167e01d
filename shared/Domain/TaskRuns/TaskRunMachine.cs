namespace Holoflow.Domain.TaskRuns;

/// <summary>The state types of a task run.</summary>
public enum TaskStateType
{
    Pending,
    Running,
    Paused,
    Completed,
    Failed,
    Crashed,
    Cancelled,
}

/// <summary>A task run as its events leave it.</summary>
/// <param name="Type">Its state's type.</param>
/// <param name="Name">Its state's name.</param>
/// <param name="Sequence">The journal sequence of the newest event that was applied.</param>
/// <param name="RunCount">How often it started.</param>
/// <param name="At">When the state was entered.</param>
public sealed record TaskRun(TaskStateType Type, string Name, long Sequence, int RunCount, DateTimeOffset At);

/// <summary>A change of state that the flow process wrote into its journal.</summary>
public sealed record TaskEvent(long Sequence, TaskStateType Type, string Name, DateTimeOffset At);

/// <summary>The answer of the task-run machine.</summary>
public abstract record TaskDecision
{
    public sealed record Accept(TaskRun Next) : TaskDecision;

    public sealed record Refuse(string Reason) : TaskDecision;

    public sealed record Ignore(string Reason) : TaskDecision;
}

/// <summary>
/// The task-run machine. The flow process decides a task's states (one writer a run); this machine tells the state
/// store which of the reported events are news, and a checker which histories are legal.
/// </summary>
public static class TaskRunMachine
{
    /// <summary>A task run that was created by the event with <paramref name="sequence"/>.</summary>
    public static TaskRun Create(long sequence, DateTimeOffset at) => new(TaskStateType.Pending, nameof(TaskStateType.Pending), sequence, 0, at);

    /// <summary>What becomes of <paramref name="run"/> when <paramref name="reported"/> arrives, in or out of order, once or often.</summary>
    public static TaskDecision Decide(TaskRun run, TaskEvent reported)
    {
        if (reported.Sequence <= run.Sequence)
            return new TaskDecision.Ignore($"event {reported.Sequence} is not news: event {run.Sequence} was applied");
        if (!IsLegal(run.Type, reported.Type))
            return new TaskDecision.Refuse($"a task run cannot go from {run.Type} to {reported.Type}");
        return new TaskDecision.Accept(new TaskRun(
            reported.Type,
            reported.Name,
            reported.Sequence,
            run.RunCount + (reported.Type == TaskStateType.Running && run.Type != TaskStateType.Paused ? 1 : 0),
            reported.At));
    }

    /// <summary>
    /// Whether a task run may go from one type to the other. A finished task is never executed again: Completed is left
    /// by nothing. An ended one that did not complete may start again when its flow run does.
    /// </summary>
    public static bool IsLegal(TaskStateType from, TaskStateType to) => (from, to) switch
    {
        (TaskStateType.Completed, _) => false,
        (TaskStateType.Pending, TaskStateType.Paused) => false,
        (TaskStateType.Paused, TaskStateType.Pending) => false,
        (TaskStateType.Failed or TaskStateType.Crashed or TaskStateType.Cancelled, TaskStateType.Pending or TaskStateType.Running) => true,
        // A cached or restored result completes a task that an earlier attempt left open or failed.
        (TaskStateType.Failed or TaskStateType.Crashed or TaskStateType.Cancelled, TaskStateType.Completed) => true,
        (TaskStateType.Failed or TaskStateType.Crashed or TaskStateType.Cancelled, _) => false,
        (TaskStateType.Running, TaskStateType.Running) => false,
        (TaskStateType.Paused, TaskStateType.Paused) => false,
        _ => true,
    };
}
