namespace Holoflow.Messaging.InProcess;

/// <summary>The handlers of one request type; they take turns. A request that comes before the first handler waits for it.</summary>
sealed class RequestRoute<TAnswer>
    where TAnswer : class
{
    readonly Lock _lock = new();
    readonly List<Registration> _handlers = [];
    TaskCompletionSource _firstHandler = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _turn;

    public async ValueTask<Func<object, CancellationToken, ValueTask<TAnswer>>> Next(CancellationToken cancellation)
    {
        while (true)
        {
            Task wait;
            lock (_lock)
            {
                if (_handlers.Count > 0)
                    return _handlers[_turn++ % _handlers.Count].Handler;
                wait = _firstHandler.Task;
            }

            await wait.WaitAsync(cancellation);
        }
    }

    public IAsyncDisposable Add(Func<object, CancellationToken, ValueTask<TAnswer>> handler)
    {
        var registration = new Registration(this, handler);
        lock (_lock)
        {
            _handlers.Add(registration);
            _firstHandler.TrySetResult();
        }

        return registration;
    }

    sealed class Registration(RequestRoute<TAnswer> route, Func<object, CancellationToken, ValueTask<TAnswer>> handler) : IAsyncDisposable
    {
        public Func<object, CancellationToken, ValueTask<TAnswer>> Handler => handler;

        public ValueTask DisposeAsync()
        {
            lock (route._lock)
            {
                if (route._handlers.Remove(this) && route._handlers.Count == 0)
                    route._firstHandler = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return ValueTask.CompletedTask;
        }
    }
}
