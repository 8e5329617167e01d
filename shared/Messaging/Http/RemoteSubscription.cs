using System.Text;
using System.Text.Json;
using Holoflow.Contracts;

namespace Holoflow.Messaging.Http;

interface IRemoteSubscription : ISubscription
{
    /// <summary>Tells the server whether this side takes more, where that has changed.</summary>
    Task TellReady(CancellationToken cancellation);
}

/// <summary>One stream of events from a server, opened again for as long as the subscription lives.</summary>
sealed class RemoteSubscription<TEvent> : IRemoteSubscription
    where TEvent : class, IRouted
{
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    readonly HttpClient _http;
    readonly TimeProvider _time;
    readonly Action<Exception, object>? _onFault;
    readonly Subscription _subscription;
    readonly Func<TEvent, CancellationToken, ValueTask> _handler;
    readonly Action<Guid> _forget;
    readonly CancellationTokenSource _stopping = new();
    readonly SemaphoreSlim _concurrency;
    readonly TaskCompletionSource _established = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _loop;
    bool _toldReady = true;
    int _disposed;

    public RemoteSubscription(
        HttpClient http, TimeProvider time, Action<Exception, object>? onFault, Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler, Action<Guid> forget)
    {
        (_http, _time, _onFault, _subscription, _handler, _forget) = (http, time, onFault, subscription, handler, forget);
        _concurrency = new SemaphoreSlim(subscription.Concurrency);
        _loop = Task.Run(() => Loop(_stopping.Token), CancellationToken.None);
    }

    public Guid Id { get; } = Guid.CreateVersion7();

    public Task Established => _established.Task;

    static string Message => MessageName.Of<TEvent>();

    public async Task TellReady(CancellationToken cancellation)
    {
        var ready = _subscription.Ready?.Invoke() ?? true;
        if (ready == _toldReady)
            return;
        using var response = await _http.PutAsync($"bus/subscriptions/{Id}/ready/{Message}?value={(ready ? "true" : "false")}", null, cancellation);
        if (response.IsSuccessStatusCode)
            _toldReady = ready;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        _forget(Id);
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
        _concurrency.Dispose();
    }

    async Task Loop(CancellationToken cancellation)
    {
        var pause = TimeSpan.Zero;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, _time, cancellation);
                await Receive(() => pause = TimeSpan.Zero, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or JsonException or MessagingException or OperationCanceledException)
            {
                _onFault?.Invoke(e, this);
            }

            pause = TimeSpan.FromTicks(Math.Clamp(pause.Ticks * 2, ShortestPause.Ticks, LongestPause.Ticks));
        }

        _established.TrySetCanceled(CancellationToken.None);
        // Handlers that still run hold a place each.
        for (var i = 0; i < _subscription.Concurrency; i++)
            await _concurrency.WaitAsync(CancellationToken.None);
    }

    async Task Receive(Action connected, CancellationToken cancellation)
    {
        var text = Uri.EscapeDataString(new BridgeSubscription(Message, _subscription.Pattern, _subscription.Queue).ToString());
        using var response = await _http.GetAsync($"bus/subscriptions/{Id}?s={text}", HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode)
            throw new MessagingException($"subscribing to '{Message}' was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation), Encoding.UTF8);
        _toldReady = true;
        while (true)
        {
            // Three silent heartbeats: the server's end is gone even where the connection does not say so.
            var line = await lines.ReadLineAsync(cancellation).AsTask().WaitAsync(BusBridge.Heartbeat * 3, _time, cancellation)
                ?? throw new MessagingException("the server closed the stream of events");
            connected();
            _established.TrySetResult();
            if (line.Length > 0)
                await Take(line, cancellation);
            await TellReady(cancellation);
        }
    }

    async Task Take(string line, CancellationToken cancellation)
    {
        var message = JsonSerializer.Deserialize(line.AsSpan(line.IndexOf(' ') + 1), MessageFormat.Of<TEvent>())!;
        await _concurrency.WaitAsync(cancellation);
        if (_subscription.Ready?.Invoke() == false)
            _concurrency.Release();
        else
            _ = Task.Run(() => Run(message), CancellationToken.None);
    }

    async Task Run(TEvent message)
    {
        try
        {
            await _handler(message, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The subscription ends; the sender makes a lost event good.
        }
        catch (Exception e)
        {
            _onFault?.Invoke(e, message);
        }
        finally
        {
            _concurrency.Release();
        }
    }
}
