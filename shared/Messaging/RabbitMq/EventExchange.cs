using System.Net.Mime;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// Publishes events for others than Holoflow's own services, on exchanges that they bind their queues to; the broker may be another one than Holoflow's. An
/// exchange that is not there is made: durable, by topic.
/// </summary>
public sealed class EventExchange(RabbitMqOptions options) : IAsyncDisposable
{
    readonly BrokerConnection _connection = new(BrokerConnection.Factory(options, "events"));

    /// <summary>Returns when the broker has the event for good.</summary>
    /// <param name="exchange">The exchange's name.</param>
    /// <param name="routingKey">What queues are bound by.</param>
    /// <param name="messageId">What a repeat is known by.</param>
    /// <param name="contentType">Of the body.</param>
    /// <param name="body">The event.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="MessagingException">The broker does not have it.</exception>
    public async Task Publish(string exchange, string routingKey, string messageId, ContentType contentType, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        try
        {
            await Require(exchange, cancellation);
            await using var channel = await _connection.OpenChannel(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation);
            var properties = new BasicProperties { MessageId = messageId, ContentType = contentType.ToString(), Persistent = true };
            await channel.BasicPublishAsync(exchange, routingKey, mandatory: false, properties, body, cancellation);
        }
        catch (Exception e) when (e is RabbitMQClientException or TimeoutException or IOException)
        {
            throw new MessagingException($"exchange '{exchange}' did not take an event: {e.Message}", e);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // One that somebody else made, of whatever kind, is used as it is: to declare it otherwise would be refused.
    async Task Require(string exchange, CancellationToken cancellation)
    {
        try
        {
            await using var channel = await _connection.OpenChannel(null, cancellation);
            await channel.ExchangeDeclarePassiveAsync(exchange, cancellation);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            await using var channel = await _connection.OpenChannel(null, cancellation);
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellation);
        }
    }
}
