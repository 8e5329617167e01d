namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// Messages that come while others are under way travel together: a lone one waits for nobody, many share what one costs. Nothing waits longer
/// than a moment for what is under way, so that all of it reaches the broker though nobody answers.
/// </summary>
/// <param name="send">Sends them; the results in their order. Its failure is that of each.</param>
/// <param name="bytes">How large a message is.</param>
/// <param name="patience">How long what is under way holds up what comes after it.</param>
/// <param name="time">The clock.</param>
sealed class Bundler<TMessage, TResult>(Func<IReadOnlyList<TMessage>, Task<IReadOnlyList<TResult>>> send, Func<TMessage, int> bytes, TimeSpan patience, TimeProvider time)
{
    const int MostMessages = 64;
    const int MostBytes = 256 * 1024;

    readonly Lock _lock = new();
    readonly Queue<Waiting> _waiting = new();
    bool _isUnderWay;

    /// <summary>Sends a message with whatever else waits.</summary>
    public Task<TResult> Send(TMessage message)
    {
        var waiting = new Waiting(message);
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            if (_isUnderWay)
                return waiting.Result;
            _isUnderWay = true;
        }

        _ = SendAll();
        return waiting.Result;
    }

    async Task SendAll()
    {
        while (Take() is { Count: > 0 } bundle)
        {
            var sending = Send(bundle);
            if (!sending.IsCompleted)
                await Task.WhenAny(sending, Task.Delay(patience, time));
        }
    }

    List<Waiting> Take()
    {
        var (bundle, size) = (new List<Waiting>(), 0);
        lock (_lock)
        {
            while (bundle.Count < MostMessages && _waiting.TryPeek(out var next) && (bundle.Count == 0 || size + bytes(next.Message) <= MostBytes))
            {
                size += bytes(next.Message);
                bundle.Add(_waiting.Dequeue());
            }

            _isUnderWay = bundle.Count > 0;
        }

        return bundle;
    }

    async Task Send(List<Waiting> bundle)
    {
        try
        {
            var results = await send([.. bundle.Select(w => w.Message)]);
            for (var i = 0; i < bundle.Count; i++)
                bundle[i].Complete(results[i]);
        }
        catch (Exception e)
        {
            foreach (var waiting in bundle)
                waiting.Fail(e);
        }
    }

    sealed class Waiting(TMessage message)
    {
        readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TMessage Message => message;

        public Task<TResult> Result => _result.Task;

        public void Complete(TResult result) => _result.SetResult(result);

        public void Fail(Exception reason) => _result.TrySetException(reason);
    }
}
