using Holoflow.Contracts;

namespace Holoflow.Messaging.InProcess;

/// <summary>A queue in memory whose consumers compete in turns; a consumer of concurrency 1 sees the order of publishing.</summary>
sealed class EventQueue<TEvent>(string? name, Action<Exception, object>? onFault)
    where TEvent : class, IRouted
{
    /// <summary>Beyond it the oldest goes: events are bells, and a consumer that hangs must not eat the memory.</summary>
    const int Capacity = 65_536;

    readonly Lock _lock = new();
    readonly Queue<TEvent> _waiting = new();
    readonly List<EventConsumer<TEvent>> _consumers = [];
    int _turn;

    public string? Name => name;

    public void Enqueue(TEvent message)
    {
        lock (_lock)
        {
            if (_waiting.Count == Capacity)
                onFault?.Invoke(new MessagingException($"queue '{name}' is full: its oldest event is dropped"), _waiting.Dequeue());
            _waiting.Enqueue(message);
            Dispatch();
        }
    }

    public EventConsumer<TEvent> Add(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
    {
        var consumer = new EventConsumer<TEvent>(subscription, handler);
        lock (_lock)
        {
            _consumers.Add(consumer);
            Dispatch();
        }

        return consumer;
    }

    /// <summary>Takes a consumer out and waits for its running handlers, which are asked to stop.</summary>
    public async ValueTask Remove(EventConsumer<TEvent> consumer)
    {
        Task idle;
        lock (_lock)
        {
            if (!_consumers.Remove(consumer))
                return;
            idle = consumer.Running == 0 ? Task.CompletedTask : consumer.Idle.Task;
        }

        await consumer.Stopping.CancelAsync();
        await idle;
        consumer.Stopping.Dispose();
    }

    void Dispatch()
    {
        while (_waiting.Count > 0 && _consumers.Count > 0)
        {
            if (Pick() is { } consumer)
            {
                consumer.Running++;
                var message = _waiting.Dequeue();
                _ = Task.Run(() => Run(consumer, message));
            }
            else if (_consumers.TrueForAll(c => c.Refuses))
            {
                // An offer that nobody has a slot for is void; it is made again when a slot is announced.
                _waiting.Dequeue();
            }
            else
            {
                return;
            }
        }
    }

    EventConsumer<TEvent>? Pick()
    {
        for (var i = 0; i < _consumers.Count; i++)
        {
            var consumer = _consumers[(_turn + i) % _consumers.Count];
            if (consumer.Running < consumer.Subscription.Concurrency && !consumer.Refuses)
            {
                _turn = (_turn + i + 1) % _consumers.Count;
                return consumer;
            }
        }

        return null;
    }

    async Task Run(EventConsumer<TEvent> consumer, TEvent message)
    {
        try
        {
            await consumer.Handler(message, consumer.Stopping.Token);
        }
        catch (OperationCanceledException) when (consumer.Stopping.IsCancellationRequested)
        {
            // The subscription ends: its event is as good as lost, and the sweep makes it good.
        }
        catch (Exception e)
        {
            onFault?.Invoke(e, message);
        }
        finally
        {
            lock (_lock)
            {
                if (--consumer.Running == 0 && !_consumers.Contains(consumer))
                    consumer.Idle.TrySetResult();
                Dispatch();
            }
        }
    }
}

sealed class EventConsumer<TEvent>(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
{
    public Subscription Subscription => subscription;

    public Func<TEvent, CancellationToken, ValueTask> Handler => handler;

    public CancellationTokenSource Stopping { get; } = new();

    public TaskCompletionSource Idle { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Running { get; set; }

    public bool Refuses => subscription.Ready is { } ready && !ready();
}
