using RabbitMQ.Client;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// Keeps a bus of the library's on a live connection: what is wanted are the endpoints in its list, what is there is the present
/// generation. A generation whose connection is lost, or that is not well for a while, is replaced by a fresh one.
/// </summary>
sealed class ControlPlane : IAsyncDisposable
{
    /// <summary>Between two looks at the present generation's health.</summary>
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(3);

    /// <summary>How many looks in a row may find it unwell at first; each replacement that does not help doubles it, so that one sick queue does not keep the others from their work.</summary>
    const int FirstPatience = 5;
    const int LongestPatience = 160;

    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    readonly BrokerConnection _connection;
    readonly RabbitMqOptions _options;
    readonly Action<Exception> _onLoss;
    readonly Lock _lock = new();
    readonly List<BusEndpoint> _wanted = [];
    readonly CancellationTokenSource _stopping = new();
    readonly Task _loop;
    TaskCompletionSource<BusGeneration> _present = new(TaskCreationOptions.RunContinuationsAsynchronously);
    BusGeneration? _generation;
    int _patience = FirstPatience;
    Task _retired = Task.CompletedTask;

    public ControlPlane(BrokerConnection connection, RabbitMqOptions options, Action<Exception> onLoss)
    {
        (_connection, _options, _onLoss) = (connection, options, onLoss);
        _loop = Task.Run(Loop);
    }

    /// <summary>The present generation; waits for one.</summary>
    /// <exception cref="TimeoutException">The broker was not there for as long as a request may take.</exception>
    public Task<BusGeneration> Present(CancellationToken cancellation)
    {
        lock (_lock)
            return _present.Task.WaitAsync(_options.RequestTimeout, cancellation);
    }

    /// <summary>Why not everything that is wanted is consumed; null: it is.</summary>
    public string? WhyNotReady()
    {
        lock (_lock)
            return _generation is { } generation ? generation.WhyNotReady() : "the broker cannot be reached";
    }

    /// <summary>Wants an endpoint, from now until it is disposed of.</summary>
    public BusEndpoint Want(string queue, Action<MassTransit.IRabbitMqReceiveEndpointConfigurator> configure)
    {
        var endpoint = new BusEndpoint(queue, configure, End);
        lock (_lock)
        {
            _wanted.Add(endpoint);
            _generation?.Connect(endpoint);
        }

        return endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await _retired;
        _stopping.Dispose();
    }

    async ValueTask End(BusEndpoint endpoint)
    {
        BusGeneration? generation;
        lock (_lock)
        {
            if (!_wanted.Remove(endpoint))
                return;
            generation = _generation;
        }

        if (generation is not null)
            await generation.Disconnect(endpoint);
    }

    async Task Loop()
    {
        var pause = TimeSpan.Zero;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await using var canary = await _connection.OpenChannel(null, _stopping.Token);
                var generation = await BusGeneration.Start(_connection, _options, _stopping.Token);
                try
                {
                    TakeUp(generation);
                    pause = TimeSpan.Zero;
                    await Lost(canary, generation);
                }
                finally
                {
                    Retire(generation);
                }

                if (!_stopping.IsCancellationRequested)
                    _onLoss(new MessagingException("the connection to the broker was lost; it is made anew"));
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (pause <= ShortestPause)
                    _onLoss(e);
            }

            pause = TimeSpan.FromTicks(Math.Clamp(pause.Ticks * 2, ShortestPause.Ticks, LongestPause.Ticks));
            await Task.Delay(pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    void TakeUp(BusGeneration generation)
    {
        lock (_lock)
        {
            _generation = generation;
            foreach (var endpoint in _wanted)
                generation.Connect(endpoint);
            _present.TrySetResult(generation);
        }
    }

    void Retire(BusGeneration generation)
    {
        lock (_lock)
        {
            _generation = null;
            _present = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // Whether a bus without a broker can be stopped is the library's affair; nobody waits for it but the end of the process.
        _retired = Task.WhenAll(_retired, generation.DisposeAsync().AsTask());
    }

    async Task Lost(IChannel canary, BusGeneration generation)
    {
        var shutdown = new Signal();
        canary.ChannelShutdownAsync += (_, _) =>
        {
            shutdown.Pulse();
            return Task.CompletedTask;
        };
        var unwell = 0;
        while (canary.IsOpen && unwell < _patience)
        {
            await shutdown.Wait(Tick, _stopping.Token);
            (unwell, _patience) = generation.IsHealthy ? (0, FirstPatience) : (unwell + 1, _patience);
        }

        if (canary.IsOpen)
            _patience = Math.Min(_patience * 2, LongestPatience);
    }
}
