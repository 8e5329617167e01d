using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Holoflow.Sdk;

/// <summary>A submitted task run: its state now, and its outcome once it ended.</summary>
public abstract class TaskFuture
{
    readonly TaskExecution _execution;

    private protected TaskFuture(TaskExecution execution) => _execution = execution;

    /// <summary>The task run's id: the same in every attempt of the flow run.</summary>
    public Guid Id => _execution.Id;

    /// <summary>Stable within the run over attempts, e.g. <c>regrid-7</c>.</summary>
    public string Key => _execution.Key;

    /// <summary>The name for people.</summary>
    public string RunName => _execution.RunName;

    /// <summary>The state now. Who reads a final state has seen the failure: it alone does not fail the flow any more.</summary>
    public RunState State
    {
        get
        {
            var state = _execution.State;
            if (state.IsFinal)
                _execution.Observe();
            return state;
        }
    }

    /// <summary>Waits for the end, whatever it is. Does not throw where the task failed.</summary>
    public async Task<RunState> Wait(CancellationToken cancellation = default)
    {
        _execution.Observe();
        await _execution.Ended.WaitAsync(cancellation);
        return _execution.State;
    }

    /// <summary>Waits for the end, at most so long; the state then is the one the task is in.</summary>
    public async Task<RunState> Wait(TimeSpan atMost, CancellationToken cancellation = default)
    {
        _execution.Observe();
        await _execution.Ended.WaitAsync(atMost, _execution.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return _execution.State;
    }

    internal TaskExecution Execution => _execution;
}

/// <summary>A submitted task run with a result: await it, or hand it to another task.</summary>
public sealed class TaskFuture<T> : TaskFuture, IInputSource<T>
{
    readonly TaskExecution<T> _execution;

    internal TaskFuture(TaskExecution<T> execution)
        : base(execution) => _execution = execution;

    T IInputSource<T>.Value => _execution.Value;

    object? IInputSource.Boxed => _execution.Value;

    IEnumerable<TaskFuture> IInputSource.Futures => [this];

    /// <summary>
    /// The task's result, once it completed. Throws the exception of its last execution where it failed,
    /// <see cref="UpstreamFailedException"/> where it was skipped, <see cref="OperationCanceledException"/> where it was cancelled.
    /// </summary>
    public async Task<T> Result(CancellationToken cancellation = default)
    {
        _execution.Observe();
        await _execution.Ended.WaitAsync(cancellation);
        if (_execution.Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        return _execution.Value;
    }

    /// <summary>Awaiting a future is awaiting its <see cref="Result"/>.</summary>
    public TaskAwaiter<T> GetAwaiter() => Result().GetAwaiter();
}
