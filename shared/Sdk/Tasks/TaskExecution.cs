using System.Diagnostics.CodeAnalysis;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>A task run from its submission to its end: waits for its inputs, for a place, and for its retries.</summary>
abstract class TaskExecution : IThreadPoolWorkItem, IRemoteWatch
{
    static readonly ContextCallback StartExecution = static execution => _ = ((TaskExecution)execution!).ExecuteOnce();

    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ExecutionContext? _context = ExecutionContext.Capture();
    readonly Lock _gate = new();
    List<TaskExecution>? _dependents;
    IReadOnlyList<TaskExecution> _upstream = [];
    int _missing;
    RunState _state = RunState.Pending;
    IDisposable? _slots;

    protected TaskExecution(FlowRun run, TaskDefinition task, Guid id, string key, string runName, string? identity, int occurrence)
    {
        Tags = TagScope.With(task.Options.Tags);
        Run = run;
        Definition = task;
        Id = id;
        Key = key;
        RunName = runName;
        Identity = identity;
        Occurrence = occurrence;
        RunCount = run.Session.History.RunCount(id);
        Place = run.PlaceOf(task);
        Runner = Place is null ? run.Runner : run.ClusterRunner;
    }

    public FlowRun Run { get; }

    public TaskDefinition Definition { get; }

    /// <summary>Where it is executed; null: in this process.</summary>
    protected IRemoteTasks? Place { get; }

    protected LocalTaskRunner Runner { get; }

    protected TaskIdentity Called => new(Id, Run.NestedId, Key, RunName, Definition.Name, Definition.Options.ForwardConsole);

    public Guid Id { get; }

    public string Key { get; }

    public string RunName { get; }

    public string? Identity { get; }

    /// <summary>Its own, and those of the scope in which it was submitted.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>Which one of the task runs with the same identity it is, from 0.</summary>
    public int Occurrence { get; }

    /// <summary>Which one of its flow run's task runs it is, in order of submission.</summary>
    public int Order { get; set; }

    public TimeProvider Time => Run.Session.Time;

    public RunState State => Volatile.Read(ref _state);

    public Task Ended => _ended.Task;

    public Exception? Failure { get; private set; }

    public bool Observed { get; private set; }

    /// <summary>The failed task because of which this one was skipped.</summary>
    public TaskExecution? Cause { get; private set; }

    /// <summary>How often it was started, over all attempts of the run.</summary>
    public int RunCount { get; protected set; }

    public void Observe() => Observed = true;

    /// <summary>Takes the kept result, or waits for the inputs and then for a place.</summary>
    public void Start(IReadOnlyList<TaskExecution> upstream)
    {
        if (Identity is not null && TryRestore())
            return;
        _upstream = upstream;
        // One more than there are, so that none of them starts it while others are still counted.
        _missing = upstream.Count + 1;
        foreach (var one in upstream)
            if (!one.TryAddDependent(this))
                Interlocked.Decrement(ref _missing);
        InputEnded();
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_context is null)
            StartExecution(this);
        else
            ExecutionContext.Run(_context, StartExecution, this);
    }

    void IRemoteWatch.Waits(string message)
    {
        var waiting = RunState.AwaitingAllocation(message);
        if (State == waiting)
            return;
        Write(waiting);
        Enter(waiting);
    }

    void IRemoteWatch.Started() => Begin();

    protected abstract bool TryRestore();

    protected abstract Task ExecuteOnce();

    /// <summary>Ends the run: its future, the tasks that wait for it, and the flow learn of it. The state is in the journal by then.</summary>
    protected void End(RunState state, Exception? failure)
    {
        List<TaskExecution>? dependents;
        lock (_gate)
        {
            Failure = failure;
            Volatile.Write(ref _state, state);
            dependents = _dependents;
            _dependents = null;
        }
        foreach (var dependent in dependents ?? [])
            dependent.InputEnded();
        _ended.TrySetResult();
        Run.Closed(this);
    }

    /// <summary>Enters the state of an execution that starts.</summary>
    /// <returns>A ticket of the journal.</returns>
    protected long Begin()
    {
        RunCount++;
        var running = RunCount == 1 ? RunState.Running : RunState.Retrying;
        var ticket = Write(running);
        Enter(running);
        return ticket;
    }

    protected void Enter(RunState state) => Volatile.Write(ref _state, state);

    /// <summary>Appends a state to the journal.</summary>
    protected long Write(RunState state) => Run.Session.Journal.Append(new TaskChanged
    {
        Run = Run.NestedId,
        Task = Id,
        Type = state.Type.ToString(),
        Name = state.Name,
        Message = state.Message,
        RunCount = RunCount,
    });

    /// <summary>Gets its slots, where it needs any, and then its place.</summary>
    protected void Ready()
    {
        if (!_upstream.All(one => one.State.IsCompleted) || Run.Session.Slots.Needed(Tags, Definition.Options.Limits) is not { Count: > 0 } names)
            Runner.Enqueue(this);
        else
            _ = TakeSlots(names);
    }

    protected void GiveSlotsBack() => Interlocked.Exchange(ref _slots, null)?.Dispose();

    /// <summary>The first input that did not complete.</summary>
    protected bool TryFindFailedInput([NotNullWhen(true)] out TaskExecution? failed)
    {
        failed = _upstream.FirstOrDefault(one => !one.State.IsCompleted);
        Cause = failed?.Cause ?? failed;
        return failed is not null;
    }

    bool TryAddDependent(TaskExecution dependent)
    {
        lock (_gate)
        {
            if (_state.IsFinal)
                return false;
            (_dependents ??= []).Add(dependent);
            return true;
        }
    }

    void InputEnded()
    {
        if (Interlocked.Decrement(ref _missing) == 0)
            Ready();
    }

    // Slots first, then a place: who waits for the one must not keep others from the other.
    async Task TakeSlots(IReadOnlyList<string> names)
    {
        try
        {
            var waiting = RunState.AwaitingConcurrencySlot(names);
            Write(waiting);
            Enter(waiting);
            _slots = await Run.Session.Slots.Take(Id, names, Run.NestedId, Run.Cancellation);
        }
        catch (Exception)
        {
            // The run is cancelled, or its journal gave up: the execution finds out itself.
        }

        Runner.Enqueue(this);
    }
}
