using Holoflow.ApiModel;
using Holoflow.ApiModel.Flows;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>Flows.</summary>
public sealed class FlowsClient
{
    readonly ApiTransport _transport;

    internal FlowsClient(ApiTransport transport) => _transport = transport;

    /// <summary>All flows, by name.</summary>
    /// <param name="text">A part of the name.</param>
    /// <param name="cancellation">Ends the listing.</param>
    public IAsyncEnumerable<FlowRow> List(string? text = null, CancellationToken cancellation = default) =>
        Paging.All(cursor => ListPage(text, null, cursor, cancellation), cancellation);

    public Task<Page<FlowRow>> ListPage(string? text = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        _transport.Get(new Query("api/flows").Add("text", text).Add("limit", limit).Add("cursor", cursor).ToString(), ApiJson.Default.PageFlowRow, cancellation);
}
