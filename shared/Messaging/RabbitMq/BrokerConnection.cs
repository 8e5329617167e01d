using RabbitMQ.Client;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// A connection to the broker that is made when it is needed, and made anew when it was lost. It recovers nothing by itself: whoever
/// uses a channel notices its end, opens another one and says again what it wants of it.
/// </summary>
sealed class BrokerConnection(ConnectionFactory factory) : IAsyncDisposable
{
    /// <summary>From an attempt to connect, or to end, to giving it up.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly Lock _lock = new();
    Task<IConnection>? _current;
    bool _disposed;

    /// <summary>A factory whose connections are used so.</summary>
    public static ConnectionFactory Factory(RabbitMqOptions options, string purpose)
    {
        var factory = new ConnectionFactory
        {
            Uri = options.Address,
            ClientProvidedName = $"{options.ConnectionName} {purpose}",
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = options.Heartbeat,
            RequestedConnectionTimeout = Patience / 2,
            ContinuationTimeout = Patience / 2,
            HandshakeContinuationTimeout = Patience / 2,
        };
        BrokerTls.Of(options.Address)?.Apply(factory);
        (factory.UserName, factory.Password) = (options.User ?? factory.UserName, options.Password ?? factory.Password);
        return factory;
    }

    /// <exception cref="RabbitMQ.Client.Exceptions.RabbitMQClientException">The broker cannot be reached, or refuses.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public async Task<IChannel> OpenChannel(CreateChannelOptions? options, CancellationToken cancellation)
    {
        var connecting = Current();
        var connection = await connecting.WaitAsync(cancellation);
        try
        {
            return await connection.CreateChannelAsync(options, cancellation).WaitAsync(Patience, cancellation);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // A broker that no longer speaks: the next one who asks gets another connection.
            Forget(connecting);
            throw new TimeoutException($"the broker at {factory.HostName}:{factory.Port} did not open a channel within {Patience.TotalSeconds} s", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<IConnection>? last;
        lock (_lock)
        {
            _disposed = true;
            (last, _current) = (_current, null);
        }

        if (last is not null)
            await End(last);
    }

    Task<IConnection> Current()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var isGood = _current is { IsCompleted: false } or { IsCompletedSuccessfully: true, Result.IsOpen: true };
            if (!isGood)
            {
                if (_current is { } lost)
                    _ = End(lost);
                _current = Connect();
            }

            return _current!;
        }
    }

    // Off the caller's thread, which holds the lock.
    Task<IConnection> Connect() => Task.Run(async () =>
    {
        using var limit = new CancellationTokenSource(Patience);
        return await factory.CreateConnectionAsync(limit.Token).WaitAsync(Patience * 1.5);
    });

    void Forget(Task<IConnection> connecting)
    {
        lock (_lock)
        {
            if (_current == connecting)
                _current = null;
        }

        _ = End(connecting);
    }

    static async Task End(Task<IConnection> connecting)
    {
        try
        {
            await using var connection = await connecting;
            await connection.AbortAsync(Constants.ReplySuccess, "done", Patience / 4).WaitAsync(Patience);
        }
        catch (Exception)
        {
            // It was never there, or is gone already, or the broker does not listen: nothing is left to end.
        }
    }
}
