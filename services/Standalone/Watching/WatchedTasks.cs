using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Contracts;

namespace Holoflow.Standalone.Watching;

/// <summary>Task runs and nested runs of a watched run, as their events leave them.</summary>
sealed class WatchedTasks(FlowRunRow root)
{
    readonly Dictionary<Guid, TaskRunRow> _tasks = [];
    readonly Dictionary<Guid, FlowRunRow> _nested = [];

    /// <summary>Applies events in order; the result is what changed, each thing once.</summary>
    public IReadOnlyList<RunUpdate> Apply(IEnumerable<RunEvent> events)
    {
        var tasks = new OrderedDictionary<Guid, TaskRunRow>();
        var nested = new OrderedDictionary<Guid, FlowRunRow>();
        foreach (var change in events)
        {
            if (ApplyToTask(change) is { } task)
                tasks[task.Id] = _tasks[task.Id] = task;
            if (ApplyToNested(change) is { } run)
                nested[run.Id] = _nested[run.Id] = run;
        }
        var updates = new List<RunUpdate>();
        if (nested.Count > 0)
            updates.Add(new NestedRunsChanged([.. nested.Values]));
        if (tasks.Count > 0)
            updates.Add(new TasksChanged([.. tasks.Values]));
        return updates;
    }

    TaskRunRow? ApplyToTask(RunEvent change)
    {
        var id = change.Subject ?? Guid.Empty;
        // A task of an earlier attempt keeps its row: the flow process tells of it again under the same id.
        var known = _tasks.GetValueOrDefault(id);
        return change.Kind switch
        {
            RunEventKind.TaskCreated when known is null => Created(id, change),
            RunEventKind.TaskChanged when known is not null => Changed(known, change),
            RunEventKind.Progressed when known is not null => known with
            {
                Progress = new Progress
                {
                    Fraction = change.Fraction,
                    Count = change.Count,
                    Total = change.Total,
                    Message = change.Message,
                    SecondsLeft = change.SecondsLeft,
                    At = change.At,
                },
            },
            _ => null,
        };
    }

    TaskRunRow Created(Guid id, RunEvent change) => new()
    {
        Id = id,
        FlowRunId = change.NestedRun ?? root.Id,
        Key = change.Key ?? "",
        TaskName = change.TaskName ?? "",
        Name = change.RunName ?? change.Key ?? "",
        MapIndex = change.MapIndex,
        Tags = change.Tags ?? [],
        State = new TaskState(TaskStateType.Pending, nameof(TaskStateType.Pending), change.At),
        CreatedAt = change.At,
    };

    static TaskRunRow? Changed(TaskRunRow known, RunEvent change)
    {
        if (!Enum.TryParse<TaskStateType>(change.Type, out var type))
            return null;
        var state = new TaskState(type, change.Name ?? type.ToString(), change.At, change.Message);
        return known with
        {
            State = state,
            RunCount = change.RunCount ?? known.RunCount,
            StartedAt = type == TaskStateType.Running ? known.StartedAt ?? change.At : known.StartedAt,
            EndedAt = state.IsFinal() ? change.At : null,
        };
    }

    FlowRunRow? ApplyToNested(RunEvent change)
    {
        var id = change.Subject ?? Guid.Empty;
        return (change.Kind, _nested.GetValueOrDefault(id)) switch
        {
            (RunEventKind.NestedRunCreated, null) => new FlowRunRow
            {
                Id = id,
                Name = change.RunName ?? "",
                FlowName = change.FlowName ?? "",
                ParentRunId = change.NestedRun ?? root.Id,
                Queue = root.Queue,
                State = new RunState(RunStateType.Pending, nameof(RunStateType.Pending), change.At),
                CreatedAt = change.At,
                DueAt = change.At,
            },
            (RunEventKind.NestedRunChanged, { } known) when Enum.TryParse<RunStateType>(change.Type, out var type) => known with
            {
                State = new RunState(type, change.Name ?? type.ToString(), change.At, change.Message),
                StartedAt = known.StartedAt ?? (type == RunStateType.Running ? change.At : null),
                EndedAt = type is RunStateType.Running ? null : change.At,
            },
            _ => null,
        };
    }
}
