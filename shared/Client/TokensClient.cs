using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Tokens;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>API tokens.</summary>
public sealed class TokensClient
{
    readonly ApiTransport _transport;

    internal TokensClient(ApiTransport transport) => _transport = transport;

    /// <summary>All tokens, revoked and expired ones too, the newest first.</summary>
    public Task<IReadOnlyList<ApiTokenRow>> List(CancellationToken cancellation = default) =>
        _transport.Get("api/tokens", ApiJson.Default.IReadOnlyListApiTokenRow, cancellation);

    /// <summary>Makes a token; only this answer holds it.</summary>
    public Task<ApiTokenCreated> Create(CreateApiToken token, CancellationToken cancellation = default) =>
        _transport.Post("api/tokens", token, ApiJson.Default.CreateApiToken, ApiJson.Default.ApiTokenCreated, null, cancellation);

    public Task<CommandResult> Revoke(Guid id, CancellationToken cancellation = default) =>
        _transport.Delete($"api/tokens/{id}", ApiJson.Default.CommandResult, cancellation);
}
