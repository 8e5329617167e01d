using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>Puts messages among the dead letters, with the reason.</summary>
sealed class DeadLetterSender(BrokerConnection connection, TimeProvider time)
{
    internal const string QueueHeader = "holoflow-queue";
    internal const string ErrorHeader = "holoflow-error";

    /// <summary>Longer errors are cut: the broker bounds what headers hold.</summary>
    const int LongestError = 2000;

    /// <summary>Returns when the broker has it.</summary>
    /// <exception cref="MessagingException">The broker did not take it: the message stays where it is.</exception>
    public async Task Send(string queue, ReadOnlyMemory<byte> body, string error, CancellationToken cancellation)
    {
        try
        {
            await using var channel = await connection.OpenChannel(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation);
            var properties = new BasicProperties
            {
                MessageId = Guid.CreateVersion7().ToString(),
                ContentType = WireMessage.EnvelopeType,
                Persistent = true,
                Timestamp = new AmqpTimestamp(time.GetUtcNow().ToUnixTimeSeconds()),
                Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { [QueueHeader] = queue, [ErrorHeader] = error.Length > LongestError ? error[..LongestError] : error },
            };
            await channel.BasicPublishAsync(WireTopology.DeadLetterExchange, WireTopology.DeadLetterKey(queue, DeadLetterKind.Kept), mandatory: true, properties, body, cancellation);
        }
        catch (Exception e) when (e is RabbitMQClientException or TimeoutException)
        {
            throw new MessagingException($"a message of '{queue}' could not be put among the dead letters: {e.Message}", e);
        }
    }
}
