using System.Text.Json;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk.Testing;

/// <summary>What one attempt of a tested flow left, besides its result.</summary>
public record FlowTestResult
{
    internal FlowTestResult(RunState state, Exception? failure, string runDirectory, IReadOnlyList<JournalEntry> journal)
    {
        State = state;
        Failure = failure;
        RunDirectory = runDirectory;
        Journal = journal;
        var states = journal.OfType<TaskChanged>().ToLookup(changed => changed.Task);
        TaskRuns = [.. journal.OfType<TaskCreated>().Select(created => new TaskRunRecord(created, [.. states[created.Task]]))];
        var keys = TaskRuns.ToDictionary(task => task.Id, task => task.Key);
        Edges = [.. TaskRuns.SelectMany(task => task.Inputs.Select(input => new TaskEdge(keys[input.From], task.Key, input.Name)))];
        Logs = [.. journal.OfType<Logged>()];
        Artifacts = [.. journal.OfType<ArtifactMade>()];
        Progress = [.. journal.OfType<Progressed>()];
        var nested = journal.OfType<NestedRunChanged>().ToLookup(changed => changed.NestedRun);
        NestedRuns = [.. journal.OfType<NestedRunCreated>().Select(created => new NestedRunRecord(created, [.. nested[created.NestedRun]]))];
    }

    /// <summary>How the attempt ended.</summary>
    public RunState State { get; }

    /// <summary>What the flow threw; null where it completed.</summary>
    public Exception? Failure { get; }

    /// <summary>The task runs of all attempts until now, in order of submission; those of nested flows too.</summary>
    public IReadOnlyList<TaskRunRecord> TaskRuns { get; }

    /// <summary>The graph: which task run's result, or end, another one waited for.</summary>
    public IReadOnlyList<TaskEdge> Edges { get; }

    public IReadOnlyList<NestedRunRecord> NestedRuns { get; }

    public IReadOnlyList<Logged> Logs { get; }

    public IReadOnlyList<ArtifactMade> Artifacts { get; }

    public IReadOnlyList<Progressed> Progress { get; }

    /// <summary>Everything that the run's journal holds, over all attempts until now.</summary>
    public IReadOnlyList<JournalEntry> Journal { get; }

    public string RunDirectory { get; }

    /// <summary>The only run of a task.</summary>
    public TaskRunRecord TaskRun(FlowTask task) => TaskRuns.Single(run => run.TaskName == task.Name);
}

/// <summary>What one attempt of a tested flow left, and its result.</summary>
public sealed record FlowTestResult<T> : FlowTestResult
{
    readonly T? _result;

    internal FlowTestResult(RunState state, Exception? failure, T? result, string runDirectory, IReadOnlyList<JournalEntry> journal)
        : base(state, failure, runDirectory, journal) => _result = result;

    /// <summary>The flow's result.</summary>
    /// <exception cref="InvalidOperationException">It did not complete; the inner exception says why.</exception>
    public T Result => State.IsCompleted ? _result! : throw new InvalidOperationException($"the flow has no result: it is {State}", Failure);
}

/// <summary>A task run of a tested flow.</summary>
public sealed class TaskRunRecord
{
    internal TaskRunRecord(TaskCreated created, IReadOnlyList<TaskChanged> changes)
    {
        Id = created.Task;
        Key = created.Key;
        TaskName = created.TaskName;
        RunName = created.RunName;
        MapIndex = created.MapIndex;
        Tags = created.Tags;
        Inputs = created.Inputs;
        States = [.. changes.Select(change => new RunState(Enum.Parse<RunStateType>(change.Type), change.Name ?? change.Type, change.Message))];
        Executions = States.Count(state => state.Type == RunStateType.Running);
    }

    public Guid Id { get; }

    /// <summary>E.g. <c>regrid-7</c>.</summary>
    public string Key { get; }

    public string TaskName { get; }

    public string RunName { get; }

    public int? MapIndex { get; }

    public IReadOnlyList<string> Tags { get; }

    public IReadOnlyList<TaskInput> Inputs { get; }

    /// <summary>All states after Pending, in order.</summary>
    public IReadOnlyList<RunState> States { get; }

    /// <summary>The last state; null where it never left Pending.</summary>
    public RunState? State => States.Count == 0 ? null : States[^1];

    /// <summary>How often it was executed.</summary>
    public int Executions { get; }

    public override string ToString() => $"{Key} ({string.Join(" → ", States.Select(state => state.Name))})";
}

/// <summary>A nested run of a tested flow.</summary>
public sealed class NestedRunRecord
{
    internal NestedRunRecord(NestedRunCreated created, IReadOnlyList<NestedRunChanged> changes)
    {
        Id = created.NestedRun;
        FlowName = created.FlowName;
        RunName = created.RunName;
        Parameters = created.Parameters;
        Tags = created.Tags;
        States = [.. changes.Select(change => new RunState(Enum.Parse<RunStateType>(change.Type), change.Name ?? change.Type, change.Message))];
    }

    public Guid Id { get; }

    public string FlowName { get; }

    public string RunName { get; }

    public JsonElement Parameters { get; }

    public IReadOnlyList<string> Tags { get; }

    public IReadOnlyList<RunState> States { get; }
}

/// <summary>An edge of the task graph, by keys.</summary>
/// <param name="From">The task run whose result, or end, is waited for.</param>
/// <param name="To">The one that waits.</param>
/// <param name="Input">The name of the input; empty where it only waits.</param>
public readonly record struct TaskEdge(string From, string To, string Input);
