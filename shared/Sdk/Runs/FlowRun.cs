using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>A flow run, or a nested one, while its method runs: numbers its tasks and knows which have not ended.</summary>
sealed class FlowRun
{
    readonly Lock _gate = new();
    readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);
    readonly List<TaskExecution> _failed = [];
    readonly List<TaskExecution> _skipped = [];
    readonly CancellationTokenSource _cancel;
    TaskCompletionSource? _idle;
    int _open;
    int _submitted;

    public FlowRun(RunSession session, FlowRun? parent, Guid id, string name, FlowDefinition flow, IReadOnlyList<string> tags)
    {
        Session = session;
        Parent = parent;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(parent?.Cancellation ?? session.Cancellation);
        Id = id;
        NestedId = parent is null ? null : id;
        Name = name;
        Flow = flow;
        Tags = tags;
        Runner = flow.Concurrency == 0 && parent is not null
            ? parent.Runner
            : session.AddRunner(flow.Concurrency == 0 ? Environment.ProcessorCount : flow.Concurrency);
        // The cluster says how much it takes at a time, unless the flow does.
        ClusterRunner = flow.Concurrency != 0 || session.Cluster is null ? Runner : parent?.ClusterRunner ?? session.AddRunner(LocalTaskRunner.Unlimited);
    }

    public RunSession Session { get; }

    public FlowRun? Parent { get; }

    /// <summary>Cancelled when the run is, or one that it is nested in, or when its time is over.</summary>
    public CancellationToken Cancellation => _cancel.Token;

    /// <summary>True where its own time is over.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>True where a task of it was cancelled: the run is not complete even if its method returned.</summary>
    public bool WasCancelled { get; private set; }

    public string? CancelReason => TimedOut ? $"the flow took longer than its timeout of {Flow.Timeout}" : Parent?.CancelReason ?? Session.CancelReason;

    public Guid Id { get; }

    /// <summary>What the journal names the run by: null for the run of the process itself.</summary>
    public Guid? NestedId { get; }

    public string Name { get; }

    public FlowDefinition Flow { get; }

    public IReadOnlyList<string> Tags { get; }

    public LocalTaskRunner Runner { get; }

    /// <summary>Lets tasks go that are executed on a cluster.</summary>
    public LocalTaskRunner ClusterRunner { get; }

    /// <summary>Where a task is executed; null: in this process, for want of a cluster, because it wants so, or because its result does not go by way of JSON.</summary>
    public IRemoteTasks? PlaceOf(TaskDefinition task) => task.Options is { PersistResult: true, Cluster.Kind: not ClusterUseKind.FlowProcess } ? Session.Cluster : null;

    public static FlowRun CurrentFor(TaskDefinition task)
    {
        if (TaskContext.CurrentOrNull is { } outer)
            throw new InvalidOperationException($"task '{task.Name}' was submitted inside task '{outer.TaskKey}': tasks are submitted by flows; make the outer one a nested flow");
        return FlowContext.CurrentOrNull?.FlowRun
            ?? throw new InvalidOperationException($"task '{task.Name}' was submitted where no flow runs: submit tasks inside a [Flow] method");
    }

    public TaskExecution<T> Submit<T>(TaskDefinition task, SubmittedInputs inputs, Func<TaskContext, ValueTask<T>> body, int? mapIndex)
    {
        Cancellation.ThrowIfCancellationRequested();
        var identity = inputs.Identity();
        var (key, occurrence) = NextKey(task.Name, identity);
        var id = RunIds.Of(Id, key);
        var execution = new TaskExecution<T>(this, task, id, key, inputs.RunName() ?? key, identity, occurrence, body, inputs.Values());
        execution.Order = Opened();
        if (!Session.History.Knows(id))
            Session.Journal.Append(new TaskCreated
            {
                Run = NestedId,
                Task = id,
                Key = key,
                TaskName = task.Name,
                RunName = execution.RunName,
                Description = task.Options.Description,
                MapIndex = mapIndex,
                Tags = execution.Tags,
                Inputs = inputs.Edges,
                Identity = identity,
            });
        execution.Start(inputs.Upstream);
        return execution;
    }

    /// <summary>The key of the next task run or nested run: the one that it had in an earlier attempt, else a new number.</summary>
    public (string Key, int Occurrence) NextKey(string name, string? identity)
    {
        lock (_gate)
        {
            var occurrence = 0;
            if (identity is not null)
            {
                occurrence = _occurrences.GetValueOrDefault(identity);
                _occurrences[identity] = occurrence + 1;
                var earlier = Session.History.KeysOf(NestedId, identity);
                if (occurrence < earlier.Count)
                    return (earlier[occurrence], occurrence);
            }
            if (!_numbers.TryGetValue(name, out var number))
                number = identity is null ? 0 : Session.History.HighestNumber(NestedId, name);
            _numbers[name] = ++number;
            return ($"{name}-{number}", occurrence);
        }
    }

    /// <summary>Starts the flow's time; disposing of the answer stops it.</summary>
    public IDisposable? LimitTime() => Flow.Timeout is not { } timeout ? null : Session.Time.CreateTimer(
        _ =>
        {
            TimedOut = !_cancel.IsCancellationRequested;
            _cancel.Cancel();
        },
        null, timeout, Timeout.InfiniteTimeSpan);

    int Opened()
    {
        lock (_gate)
        {
            _open++;
            return _submitted++;
        }
    }

    public void Closed(TaskExecution task)
    {
        TaskCompletionSource? idle = null;
        lock (_gate)
        {
            if (task.State.Type is RunStateType.Failed or RunStateType.Crashed)
                _failed.Add(task);
            else if (task.Cause is not null)
                _skipped.Add(task);
            else
                WasCancelled |= task.State.Type == RunStateType.Cancelled;
            if (--_open == 0)
                idle = _idle;
        }
        idle?.TrySetResult();
    }

    /// <summary>Completes when every task that was submitted has ended.</summary>
    public Task AllEnded()
    {
        lock (_gate)
        {
            if (_open == 0)
                return Task.CompletedTask;
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Failed tasks that nobody looked at, nor at a task that was skipped because of them: they fail the flow.</summary>
    public IReadOnlyList<TaskExecution> UnseenFailures()
    {
        lock (_gate)
        {
            var seen = _skipped.Where(task => task.Observed).Select(task => task.Cause).ToHashSet();
            return [.. _failed.Where(task => !task.Observed && !seen.Contains(task)).OrderBy(task => task.Order)];
        }
    }
}
