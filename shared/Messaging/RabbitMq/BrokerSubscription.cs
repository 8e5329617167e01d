using System.Collections.Concurrent;
using MassTransit;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>A connected endpoint that is closed when disposed of.</summary>
sealed class ConnectedEndpoint(HostReceiveEndpointHandle handle) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await handle.StopAsync();
}

/// <summary>A consumer that stops consuming while it is not ready, so that its share waits in the queue for others.</summary>
sealed class BrokerSubscription : ISubscription
{
    readonly Func<HostReceiveEndpointHandle> _connect;
    readonly Func<bool>? _ready;
    readonly ConcurrentDictionary<Guid, BrokerSubscription> _all;
    readonly Guid _id = Guid.CreateVersion7();
    readonly SemaphoreSlim _change = new(1);
    HostReceiveEndpointHandle? _open;
    bool _disposed;

    public BrokerSubscription(Func<HostReceiveEndpointHandle> connect, Func<bool>? ready, ConcurrentDictionary<Guid, BrokerSubscription> all)
    {
        (_connect, _ready, _all) = (connect, ready, all);
        _open = ready?.Invoke() == false ? null : connect();
        all[_id] = this;
    }

    public Task Established => _open?.Ready ?? Task.CompletedTask;

    public async Task Recheck()
    {
        if (_ready is null || _ready() == _open is not null)
            return;
        await _change.WaitAsync();
        try
        {
            var ready = _ready() && !_disposed;
            if (ready && _open is null)
                _open = _connect();
            else if (!ready)
                await Close();
        }
        finally
        {
            _change.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _all.TryRemove(_id, out _);
        await _change.WaitAsync();
        _disposed = true;
        await Close();
        _change.Release();
    }

    async Task Close()
    {
        if (_open is not { } open)
            return;
        _open = null;
        await open.StopAsync();
    }
}
