using Holoflow.Contracts;
using MassTransit;
using RabbitMQ.Client;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>The exchanges and queues of the message table.</summary>
static class WireTopology
{
    static readonly Type[] Requests = [.. typeof(MessageAttribute).Assembly.GetTypes().Where(type =>
        Array.Exists(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>)))];

    /// <summary>The queue of a request, and the exchange in front of it: one a request, so that a slow kind does not hold up a quick one.</summary>
    public static string RequestQueue(Type request)
    {
        var pinned = MessageName.Pinned(request);
        return $"{pinned.Address}.{pinned.Name}";
    }

    /// <summary>Makes the queues of all requests, so that one that is sent before its service has ever run waits for it.</summary>
    public static async Task DeclareRequestQueues(IConnection connection, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        foreach (var queue in Requests.Select(RequestQueue))
        {
            await channel.ExchangeDeclareAsync(queue, RabbitMQ.Client.ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" }, cancellationToken: cancellation);
            await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellation);
        }
    }

    /// <summary>A durable queue that consumers in several processes share.</summary>
    public static void Shared(IRabbitMqReceiveEndpointConfigurator endpoint, int prefetch)
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.SetQuorumQueue();
        endpoint.PrefetchCount = prefetch;
    }

    /// <summary>A queue of one subscriber's own, gone with its connection.</summary>
    public static void Private(IRabbitMqReceiveEndpointConfigurator endpoint, int prefetch)
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.Durable = false;
        endpoint.AutoDelete = true;
        endpoint.PrefetchCount = prefetch;
    }
}
