using Holoflow.ApiModel;
using Holoflow.ApiModel.Events;
using Holoflow.ApiModel.Server;
using Holoflow.Client.Following;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>The server itself, and what changes in it.</summary>
public sealed class ServerClient
{
    readonly ApiTransport _transport;

    internal ServerClient(ApiTransport transport) => _transport = transport;

    public Task<ServerStatus> Status(CancellationToken cancellation = default) =>
        _transport.Get("api/server", ApiJson.Default.ServerStatus, cancellation);

    /// <summary>What changes, from now on, until cancelled. After <see cref="Reset"/> events were missed: lists are to be read again.</summary>
    public IAsyncEnumerable<ChangeEvent> Events(CancellationToken cancellation = default) =>
        EventStream.Read(_transport, "api/events", ApiJson.Default.ChangeEvent, _ => false, cancellation);
}
