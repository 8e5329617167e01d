using Holoflow.ApiModel;
using Holoflow.ApiModel.ConcurrencyLimits;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>How many runs that carry a tag may be held by agents at a time.</summary>
public sealed class ConcurrencyLimitsClient
{
    readonly ApiTransport _transport;

    internal ConcurrencyLimitsClient(ApiTransport transport) => _transport = transport;

    /// <summary>All limits, by tag.</summary>
    public Task<IReadOnlyList<ConcurrencyLimitRow>> List(CancellationToken cancellation = default) =>
        _transport.Get("api/concurrency-limits", ApiJson.Default.IReadOnlyListConcurrencyLimitRow, cancellation);

    public Task<ConcurrencyLimitRow> Get(string tag, CancellationToken cancellation = default) =>
        _transport.Get(Of(tag), ApiJson.Default.ConcurrencyLimitRow, cancellation);

    /// <summary>Creates or changes the limit of a tag.</summary>
    public Task<CommandResult> Set(string tag, int slots, CancellationToken cancellation = default) =>
        _transport.Put(Of(tag), new SetConcurrencyLimit { Slots = slots }, ApiJson.Default.SetConcurrencyLimit, ApiJson.Default.CommandResult, cancellation);

    public Task<CommandResult> Delete(string tag, CancellationToken cancellation = default) =>
        _transport.Delete(Of(tag), ApiJson.Default.CommandResult, cancellation);

    static string Of(string tag) => $"api/concurrency-limits/{Query.Segment(tag)}";
}
