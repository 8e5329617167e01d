using Holoflow.ApiModel;
using Holoflow.ApiModel.DeadLetters;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>Messages that could not be delivered or carried out.</summary>
public sealed class DeadLettersClient
{
    readonly ApiTransport _transport;

    internal DeadLettersClient(ApiTransport transport) => _transport = transport;

    /// <summary>The oldest, up to 1000; of one queue where one is named.</summary>
    public Task<IReadOnlyList<DeadLetterRow>> List(string? queue = null, int limit = 200, CancellationToken cancellation = default) =>
        _transport.Get($"api/dead-letters?limit={limit}{(queue is null ? "" : $"&queue={Uri.EscapeDataString(queue)}")}", ApiJson.Default.IReadOnlyListDeadLetterRow, cancellation);

    public Task<DeadLetterRow> Get(string id, CancellationToken cancellation = default) =>
        _transport.Get($"api/dead-letters/{Uri.EscapeDataString(id)}", ApiJson.Default.DeadLetterRow, cancellation);

    /// <summary>Sends the chosen ones to the queues they came from.</summary>
    public Task<DeadLettersDone> Replay(DeadLetterChoice choice, CancellationToken cancellation = default) =>
        _transport.Post("api/dead-letters/replay", choice, ApiJson.Default.DeadLetterChoice, ApiJson.Default.DeadLettersDone, null, cancellation);

    public Task<DeadLettersDone> Drop(DeadLetterChoice choice, CancellationToken cancellation = default) =>
        _transport.Post("api/dead-letters/drop", choice, ApiJson.Default.DeadLetterChoice, ApiJson.Default.DeadLettersDone, null, cancellation);
}
