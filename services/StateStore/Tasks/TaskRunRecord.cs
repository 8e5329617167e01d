using Holoflow.Contracts;
using Holoflow.Domain.TaskRuns;
using Holoflow.Persistence;

namespace Holoflow.StateStore.Tasks;

/// <summary>A task run while a batch of events is applied to it.</summary>
sealed class TaskRunRecord(Guid id, Guid runId, TaskRun state)
{
    public Guid Id => id;

    public Guid RunId => runId;

    public TaskRun State { get; private set; } = state;

    /// <summary>The event that created it, where the batch holds that.</summary>
    public RunEvent? Made { get; private init; }

    public string? Message { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public bool IsChanged { get; private set; }

    public static TaskRunRecord Create(Guid id, Guid runId, RunEvent made) =>
        new(id, runId, TaskRunMachine.Create(made.Sequence, Microseconds.Cut(made.At))) { Made = made };

    /// <summary>What the machine says to a reported state; applied where it accepts.</summary>
    public TaskDecision Apply(TaskEvent reported, string? message)
    {
        var decision = TaskRunMachine.Decide(State, reported);
        if (decision is not TaskDecision.Accept accept)
            return decision;
        IsChanged = true;
        State = accept.Next;
        Message = message;
        StartedAt ??= State.Type == TaskStateType.Running ? State.At : null;
        EndedAt = State.Type is TaskStateType.Completed or TaskStateType.Failed or TaskStateType.Crashed or TaskStateType.Cancelled ? State.At : null;
        return decision;
    }
}
