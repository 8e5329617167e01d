using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// Tells who sent a bulk message that it is done with. A word that is lost costs its sender a moment's patience. Each user of the broker is answered
/// over an exchange and a channel of its own, by the name under which the broker knows it: none can have others told, or keep them from being told.
/// </summary>
sealed class BulkAnswers(BrokerConnection connection) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Task<IChannel>> _channels = new(StringComparer.Ordinal);

    public async Task Tell(Delivered message)
    {
        // Sent by an older version, which wants no answer.
        if (message is not { UserId: { } user, ReplyTo: { } where, CorrelationId: { } ticket })
            return;
        var opening = _channels.GetOrAdd(user, _ => connection.OpenChannel(null, CancellationToken.None));
        try
        {
            var channel = await opening;
            await channel.BasicPublishAsync(WireTopology.BulkAnswers(user), where, mandatory: false, new BasicProperties { CorrelationId = ticket }, ReadOnlyMemory<byte>.Empty);
        }
        catch (Exception e) when (e is RabbitMQClientException or TimeoutException or ObjectDisposedException or IOException)
        {
            // The connection is lost, and what was taken comes again; or this user never made its exchange.
            if (_channels.TryRemove(KeyValuePair.Create(user, opening)))
                await End(opening);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels.Values)
            await End(channel);
    }

    static async Task End(Task<IChannel> opening)
    {
        try
        {
            await (await opening).DisposeAsync();
        }
        catch (Exception e) when (e is RabbitMQClientException or TimeoutException or ObjectDisposedException or IOException)
        {
            // It is gone already.
        }
    }
}

/// <summary>Hears of bulk messages that are done with.</summary>
sealed class BulkListener(IChannel channel, BulkCredit credit) : AsyncDefaultBasicConsumer(channel)
{
    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        if (properties.CorrelationId is { } ticket)
            credit.Return(ticket);
        return Task.CompletedTask;
    }
}
