namespace Holoflow.Persistence.Writes;

/// <summary>A write that waits for its group.</summary>
abstract class PendingWrite
{
    /// <summary>Runs it inside the group's transaction and remembers what came of it.</summary>
    public abstract void Run(WriteSession session);

    /// <summary>It failed by itself; the group goes on without it.</summary>
    public abstract void Refuse(Exception reason);

    /// <summary>The group is durable.</summary>
    public abstract void Complete();

    /// <summary>The group failed.</summary>
    public abstract void Fail(Exception reason);

    /// <summary>Whether nobody waits for it any more.</summary>
    public abstract bool IsAbandoned();
}

sealed class PendingWrite<T>(Func<WriteSession, T> write, CancellationToken cancellation) : PendingWrite
{
    readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    T _value = default!;
    Exception? _refused;

    public Task<T> Answer => _answer.Task;

    public override void Run(WriteSession session)
    {
        _refused = null;
        _value = write(session);
    }

    public override void Refuse(Exception reason) => _refused = reason;

    public override void Complete()
    {
        if (_refused is null)
            _answer.TrySetResult(_value);
        else
            Fail(_refused);
    }

    // Nobody waits for a deferred write: its failure must not surface as an unobserved one.
    public override void Fail(Exception reason)
    {
        _answer.TrySetException(reason);
        _ = _answer.Task.Exception;
    }

    public override bool IsAbandoned() => cancellation.IsCancellationRequested && _answer.TrySetCanceled(cancellation);
}
