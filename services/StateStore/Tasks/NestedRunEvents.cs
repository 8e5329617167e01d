using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;

namespace Holoflow.StateStore.Tasks;

/// <summary>Nested runs: rows of their own, whose states the flow process decides and no agent holds.</summary>
static class NestedRunEvents
{
    /// <summary>A nested run was called; again by a later attempt, it is open again. Null: nothing to tell.</summary>
    public static FlowRunRecord? Create(WriteSession session, FlowRunRecord root, RunEvent made)
    {
        // The run it is called by is the subject's surrounding one, where both are given.
        if ((made.Subject ?? made.NestedRun) is not { } id)
            return null;
        var parent = made.Subject is null ? root.Run.Id : made.NestedRun ?? root.Run.Id;
        if (Load(session, id, root) is { } present)
            return Enter(session, present, RunStateType.Pending, null, null, Microseconds.Cut(made.At));
        var at = Microseconds.Cut(made.At);
        var created = new NewFlowRun
        {
            Run = FlowRun.Create(id, at, at) with { State = RunState.Of(RunStateType.Pending, at) },
            Name = made.RunName ?? RunNames.Of(id),
            FlowName = made.FlowName ?? root.FlowName,
            Queue = root.Queue,
            Tags = made.Tags ?? [],
            Parameters = made.Data is { ValueKind: System.Text.Json.JsonValueKind.Object } parameters ? parameters : StoreFormat.Element("{}"),
            DeploymentId = null,
            ParentRunId = parent,
            ParentTaskId = made.Task,
        };
        return created.Insert(session) ? created.ToRecord() : null;
    }

    /// <summary>A nested run's reported state. Null: it is no news.</summary>
    public static FlowRunRecord? Change(WriteSession session, FlowRunRecord root, RunEvent change) =>
        (change.Subject ?? change.NestedRun) is { } id && Load(session, id, root) is { } nested && Enum.TryParse<RunStateType>(change.Type, out var type) && Enum.IsDefined(type)
            ? Enter(session, nested, type, change.Name, change.Message, Microseconds.Cut(change.At))
            : null;

    static FlowRunRecord? Load(WriteSession session, Guid id, FlowRunRecord root) =>
        FlowRunTable.Load(session, id) is { ParentRunId: not null } nested && id != root.Run.Id ? nested : null;

    // Completed is left by nothing: a finished nested run is never executed again.
    static FlowRunRecord? Enter(WriteSession session, FlowRunRecord nested, RunStateType type, string? name, string? message, DateTimeOffset at)
    {
        var state = nested.Run.State;
        if (state.Type == RunStateType.Completed || (state.Type == type && state.Name == (name ?? type.ToString())))
            return null;
        var next = nested with
        {
            Run = nested.Run with { State = RunState.Of(type, at, name, message), Version = nested.Run.Version + 1, RunCount = nested.Run.RunCount + (type == RunStateType.Running ? 1 : 0) },
            StartedAt = nested.StartedAt ?? (type == RunStateType.Running ? at : null),
        };
        FlowRunTable.Save(session, nested, next);
        return next;
    }
}
