using System.Text.Json;
using RabbitMQ.Client;

namespace Holoflow.StateStore.Tests.Notifications;

/// <summary>The observatory's own kind of exchange, which is not what Holoflow would make, and a queue that gets all of it.</summary>
sealed class ObservatoryExchange : IAsyncDisposable
{
    readonly IConnection _connection;
    readonly IChannel _channel;
    readonly string _queue;

    ObservatoryExchange(IConnection connection, IChannel channel, string name, string queue) => (_connection, _channel, Name, _queue) = (connection, channel, name, queue);

    public string Name { get; }

    public static async Task<ObservatoryExchange> Open(Uri broker, CancellationToken cancellation)
    {
        var name = $"observatory-{Guid.CreateVersion7():N}";
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellation);
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: false, autoDelete: true, cancellationToken: cancellation);
        var queue = (await channel.QueueDeclareAsync(cancellationToken: cancellation)).QueueName;
        await channel.QueueBindAsync(queue, name, "", cancellationToken: cancellation);
        return new ObservatoryExchange(connection, channel, name, queue);
    }

    /// <summary>What was published since the last time: each was confirmed when it lay in the queue.</summary>
    public async Task<IReadOnlyList<(BasicGetResult Message, JsonElement Event)>> All(CancellationToken cancellation)
    {
        var events = new List<(BasicGetResult, JsonElement)>();
        while (await _channel.BasicGetAsync(_queue, autoAck: true, cancellation) is { } message)
            events.Add((message, JsonDocument.Parse(message.Body.ToArray()).RootElement));
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
