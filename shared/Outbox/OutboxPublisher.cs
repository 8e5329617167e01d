using Holoflow.Contracts;
using Holoflow.Messaging;
using Microsoft.Extensions.Logging;

namespace Holoflow.Outbox;

/// <summary>An event and its row.</summary>
readonly record struct StoredEvent(long Position, IRouted Message);

/// <summary>Publishes stored events, many at a time: each waits for its confirmation, none for another's.</summary>
sealed class OutboxPublisher(IMessageBus bus, ILogger logger)
{
    /// <summary>The positions of those that the transport has.</summary>
    public async Task<IReadOnlyList<long>> Publish(IReadOnlyList<StoredEvent> events)
    {
        var isPublished = await Task.WhenAll(events.Select(e => TryPublish(e.Message)));
        return [.. events.Where((_, i) => isPublished[i]).Select(e => e.Position)];
    }

    async Task<bool> TryPublish(IRouted message)
    {
        try
        {
            await OutboxMessages.Publish(bus, message, CancellationToken.None);
            return true;
        }
        catch (Exception e) when (e is MessagingException or TimeoutException)
        {
            Log.PublishFailed(logger, message.RoutingKey, e.Message);
            return false;
        }
    }
}
