using Holoflow.Contracts;
using Holoflow.Domain.TaskRuns;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;
using Holoflow.StateStore.Slots;

namespace Holoflow.StateStore.Tasks;

/// <summary>
/// One batch of a run's journal entries, applied in order. A task that changes several times in the batch gets one row and
/// its whole history; the machine says which reports are legal, and what is not is dropped and counted.
/// </summary>
sealed class RunEventBatch(WriteSession session, FlowRunRecord root, SlotChange slots, Action<FlowRunRecord> nestedRunChanged)
{
    const string UpsertProgress = """
        INSERT INTO progress (run_id, subject_id, fraction, count, total, message, seconds_left, sequence, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (run_id, subject_id) DO UPDATE SET fraction = excluded.fraction, count = excluded.count, total = excluded.total, message = excluded.message,
        seconds_left = excluded.seconds_left, sequence = excluded.sequence, at = excluded.at
        """;

    const string InsertArtifact = """
        INSERT INTO artifacts (id, run_id, task_id, sequence, key, type, title, data, file, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING
        """;

    readonly Dictionary<Guid, TaskRunRecord?> _tasks = [];
    readonly Dictionary<(Guid Run, Guid Subject), RunEvent> _progress = [];

    /// <summary>How many entries made no sense, and the first reason.</summary>
    public int Dropped { get; private set; }

    public string? FirstDropped { get; private set; }

    public void Apply(IEnumerable<RunEvent> events)
    {
        foreach (var entry in events)
            Apply(entry);
        foreach (var task in _tasks.Values)
        {
            if (task is { Made: not null })
                TaskRunTable.Insert(session, task);
            else if (task is { IsChanged: true })
                TaskRunTable.Update(session, task);
        }

        foreach (var ((run, subject), p) in _progress)
            session.Post(UpsertProgress, run, subject, p.Fraction, p.Count, p.Total, p.Message, p.SecondsLeft, p.Sequence, p.At);
        slots.Finish();
    }

    void Apply(RunEvent entry)
    {
        switch (entry.Kind)
        {
            case RunEventKind.TaskCreated when entry.Subject is { } id:
                CreateTask(id, entry);
                break;
            case RunEventKind.TaskChanged when entry.Subject is { } id:
                ChangeTask(id, entry);
                break;
            case RunEventKind.Progressed:
                _progress[(RunOf(entry), entry.Subject ?? entry.Task ?? RunOf(entry))] = entry;
                break;
            case RunEventKind.ArtifactMade when entry.Subject is { } id:
                session.Post(
                    InsertArtifact, id, RunOf(entry), entry.Task, entry.Sequence, entry.Key ?? id.ToString(), entry.Type ?? "markdown", entry.Name, entry.Data?.GetRawText(), entry.File, entry.At);
                break;
            case RunEventKind.AllocationChanged when entry.Allocation is { } allocation:
                AllocationTable.Save(session, root.Run.Id, allocation, entry.At);
                break;
            case RunEventKind.NestedRunCreated:
                Tell(NestedRunEvents.Create(session, root, entry));
                break;
            case RunEventKind.NestedRunChanged:
                Tell(NestedRunEvents.Change(session, root, entry));
                break;
            case RunEventKind.SlotsWanted when entry.Subject is { } request:
                slots.Ask(root, request, entry.Task, entry.Tags ?? []);
                break;
            case RunEventKind.SlotsReleased when entry.Subject is { } request:
                slots.GiveBack(request);
                break;
            default:
                Drop(entry, $"{entry.Kind} names no subject");
                break;
        }
    }

    Guid RunOf(RunEvent entry) => entry.NestedRun ?? root.Run.Id;

    void CreateTask(Guid id, RunEvent entry)
    {
        var task = Find(id);
        if (task is null)
        {
            _tasks[id] = task = TaskRunRecord.Create(id, RunOf(entry), entry);
            TaskRunTable.InsertState(session, id, task.State, null);
            foreach (var edge in entry.Inputs ?? [])
                TaskRunTable.InsertEdge(session, task.RunId, id, edge.From, edge.Name);
        }
        else if (task.RunId != RunOf(entry))
        {
            Drop(entry, $"task run {id} belongs to run {task.RunId}");
        }
        else
        {
            // A later attempt submits the same task again.
            Change(task, entry, TaskStateType.Pending, nameof(TaskStateType.Pending));
        }
    }

    void ChangeTask(Guid id, RunEvent entry)
    {
        if (Find(id) is not { } task)
            Drop(entry, $"there is no task run {id}");
        else if (task.RunId != RunOf(entry))
            Drop(entry, $"task run {id} belongs to run {task.RunId}");
        else if (!Enum.TryParse<TaskStateType>(entry.Type, out var type) || !Enum.IsDefined(type))
            Drop(entry, $"'{entry.Type}' is no state of a task run");
        else if (Change(task, entry, type, entry.Name ?? entry.Type!) is TaskDecision.Refuse refuse)
            Drop(entry, refuse.Reason);
    }

    TaskDecision Change(TaskRunRecord task, RunEvent entry, TaskStateType type, string name)
    {
        var decision = task.Apply(new TaskEvent(entry.Sequence, type, name, Microseconds.Cut(entry.At)), entry.Message);
        if (decision is TaskDecision.Accept)
            TaskRunTable.InsertState(session, task.Id, task.State, entry.Message);
        return decision;
    }

    TaskRunRecord? Find(Guid id)
    {
        if (!_tasks.TryGetValue(id, out var task))
            _tasks.Add(id, task = TaskRunTable.Load(session, id));
        return task;
    }

    void Tell(FlowRunRecord? nested)
    {
        if (nested is not null)
            nestedRunChanged(nested);
    }

    void Drop(RunEvent entry, string reason)
    {
        Dropped++;
        FirstDropped ??= $"entry {entry.Sequence}: {reason}";
    }
}
