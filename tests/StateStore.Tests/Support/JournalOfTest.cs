using Holoflow.Contracts;

namespace Holoflow.StateStore.Tests.Support;

/// <summary>A journal as an agent would ship it.</summary>
sealed class JournalOfTest
{
    readonly List<RunEvent> _events = [];

    public Guid Created(string key, Guid? nested = null, IReadOnlyList<TaskEdge>? inputs = null)
    {
        var id = Guid.CreateVersion7();
        Add(RunEventKind.TaskCreated);
        Replace(e => e with { Subject = id, Key = key, TaskName = key.Split('-')[0], RunName = key, NestedRun = nested, Inputs = inputs });
        return id;
    }

    public void Changed(Guid task, string type, string? name = null, int? runCount = null, Guid? nested = null)
    {
        Add(RunEventKind.TaskChanged);
        Replace(e => e with { Subject = task, Type = type, Name = name, RunCount = runCount, NestedRun = nested });
    }

    /// <summary>A nested run that is running.</summary>
    public Guid Nested(string flow)
    {
        var id = Guid.CreateVersion7();
        Add(RunEventKind.NestedRunCreated);
        Replace(e => e with { Subject = id, FlowName = flow, RunName = flow, Data = StoreUnderTest.Json("{}") });
        Add(RunEventKind.NestedRunChanged);
        Replace(e => e with { Subject = id, Type = "Running" });
        return id;
    }

    public void Add(RunEventKind kind) =>
        _events.Add(new RunEvent { Sequence = _events.Count + 1, At = DateTimeOffset.UnixEpoch.AddSeconds(_events.Count), Kind = kind });

    public void Replace(Func<RunEvent, RunEvent> change) => _events[^1] = change(_events[^1]);

    /// <summary>All of it, as one batch.</summary>
    public ReportTasks Report(GrantedRun run) => new(run.RunId, "agent-1", run.Epoch, [.. _events]);

    public List<ReportTasks> Batches(GrantedRun run, int size) =>
        [.. _events.Chunk(size).Select(chunk => new ReportTasks(run.RunId, "agent-1", run.Epoch, chunk) { After = chunk[0].Sequence - 1 })];
}
