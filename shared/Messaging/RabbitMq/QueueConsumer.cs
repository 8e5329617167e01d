namespace Holoflow.Messaging.RabbitMq;

/// <summary>A consumer that comes back: whatever ends its channel, it opens another one and makes what it needs there.</summary>
sealed class QueueConsumer : ISubscription
{
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>How often in a row the broker lets a consumer wait in vain before its queue is taken for dead.</summary>
    const int HangsOfADeadQueue = 2;

    /// <summary>The broker looks for other members of the queue first.</summary>
    static readonly TimeSpan DeletePatience = TimeSpan.FromSeconds(60);

    readonly BrokerConnection _connection;
    readonly Consumption _consumption;
    readonly Action<Exception> _onLoss;
    readonly Action<QueueConsumer> _forget;
    readonly Signal _wake = new();
    readonly CancellationTokenSource _stopping = new();
    readonly TaskCompletionSource _established = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _loop;
    int _disposed;
    bool _isInPlace;

    /// <param name="connection">Where channels come from.</param>
    /// <param name="consumption">What is consumed.</param>
    /// <param name="onLoss">Told once each time that consuming is interrupted.</param>
    /// <param name="forget">Called when it is disposed of.</param>
    public QueueConsumer(BrokerConnection connection, Consumption consumption, Action<Exception> onLoss, Action<QueueConsumer> forget)
    {
        (_connection, _consumption, _onLoss, _forget) = (connection, consumption, onLoss, forget);
        _loop = Task.Run(Loop);
    }

    /// <summary>Whether it stands as it is wanted.</summary>
    public bool IsInPlace => Volatile.Read(ref _isInPlace);

    public string Queue => _consumption.Queue;

    public Task Established => _established.Task;

    /// <summary>What it is ready for may have changed.</summary>
    public void Recheck() => _wake.Pulse();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        _forget(this);
        await _stopping.CancelAsync();
        _wake.Pulse();
        await _loop;
        _established.TrySetCanceled(CancellationToken.None);
        _stopping.Dispose();
    }

    async Task Loop()
    {
        var pause = TimeSpan.Zero;
        var hangs = 0;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await using var channel = await _connection.OpenChannel(null, _stopping.Token);
                await new ConsumerSession(channel, _consumption, _wake).Run(InPlace, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                hangs = e is TimeoutException or OperationCanceledException ? hangs + 1 : 0;
                if (_consumption.IsExpendable && (hangs >= HangsOfADeadQueue || WireTopology.IsOfAnotherMake(e)))
                    await DeleteQueue();
                if (pause <= ShortestPause)
                    _onLoss(e);
            }

            Volatile.Write(ref _isInPlace, false);
            pause = TimeSpan.FromTicks(Math.Clamp(pause.Ticks * 2, ShortestPause.Ticks, LongestPause.Ticks));
            await Task.Delay(pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        void InPlace()
        {
            (pause, hangs) = (TimeSpan.Zero, 0);
            Volatile.Write(ref _isInPlace, true);
            _established.TrySetResult();
        }
    }

    async Task DeleteQueue()
    {
        try
        {
            await using var channel = await _connection.OpenChannel(null, _stopping.Token);
            await channel.QueueDeleteAsync(_consumption.Queue, ifUnused: false, ifEmpty: false, cancellationToken: _stopping.Token).WaitAsync(DeletePatience, _stopping.Token);
            _onLoss(new MessagingException($"the queue '{_consumption.Queue}' could not be used as it was: it is made anew"));
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            _onLoss(e);
        }
        catch (OperationCanceledException)
        {
            // It is stopping: the next one who consumes finds the queue as it is.
        }
    }
}
