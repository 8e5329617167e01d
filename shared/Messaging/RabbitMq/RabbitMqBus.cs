using System.Collections.Concurrent;
using Holoflow.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>The control plane over RabbitMQ. Queues that services share are durable quorum queues; publishes wait for the broker's confirmation.</summary>
public sealed class RabbitMqBus : IMessageBus, IAsyncDisposable
{
    readonly ControlPlane _control;
    readonly RabbitMqOptions _options;
    readonly Action<Exception, object>? _onFault;
    readonly BrokerRequests _requests;
    readonly BrokerEvents _events;
    readonly BulkPlane _bulk;
    readonly BrokerConnection _connection;
    readonly string _user;
    readonly ConcurrentDictionary<QueueConsumer, bool> _consumers = new();

    RabbitMqBus(BrokerConnection connection, string user, RabbitMqOptions options, Action<Exception, object>? onFault)
    {
        _connection = connection;
        _user = user;
        _options = options;
        _onFault = onFault;
        _control = new ControlPlane(connection, options, e => onFault?.Invoke(e, "the control plane"));
        _bulk = new BulkPlane(connection, user, options, (e, what) => onFault?.Invoke(e, what), Consume);
        DeadLetters = new BrokerDeadLetters(connection);
        _events = new BrokerEvents(_control, options);
        _requests = new BrokerRequests(_control, new DeadLetterSender(connection, options.Time), options);
    }

    /// <summary>Connects, and makes what is missing at the broker.</summary>
    /// <exception cref="MessagingException">The broker cannot be reached or refuses the user.</exception>
    public static async Task<RabbitMqBus> Connect(RabbitMqOptions options, Action<Exception, object>? onFault = null, CancellationToken cancellation = default)
    {
        var factory = BrokerConnection.Factory(options, "bulk");
        var connection = new BrokerConnection(factory);
        try
        {
            await WireTopology.Declare(connection, options.DeclaresRequestQueues, cancellation);
        }
        catch (Exception e) when (e is RabbitMQClientException or TimeoutException or IOException)
        {
            await connection.DisposeAsync();
            throw new MessagingException($"the broker at {options.Address.Host}:{options.Address.Port} cannot be used as '{factory.UserName}': {Innermost(e).Message}", e);
        }

        var bus = new RabbitMqBus(connection, factory.UserName, options, onFault);
        await bus._control.Present(cancellation);
        return bus;
    }

    public IDeadLetters DeadLetters { get; }

    public async ValueTask Publish<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : class, IRouted
    {
        try
        {
            await _events.Publish(message, cancellation);
        }
        finally
        {
            foreach (var consumer in _consumers.Keys)
                consumer.Recheck();
        }
    }

    public async ValueTask<TAnswer> Request<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation = default)
        where TAnswer : class
    {
        if (request is not LogChunk chunk)
            return await _requests.Request(request, cancellation);
        await _bulk.Send(chunk, cancellation);
        return (TAnswer)(object)new CommandAnswered(CommandOutcome.Accepted);
    }

    public IAsyncDisposable Handle<TRequest, TAnswer>(Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class =>
        handler is Func<LogChunk, CancellationToken, ValueTask<CommandAnswered>> lines
            ? _bulk.Handle<LogChunk>(async (chunk, cancellation) => await lines(chunk, cancellation))
            : _requests.Handle(handler);

    public ISubscription Subscribe<TEvent>(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : class, IRouted =>
        subscription.Queue is { } queue
            ? Consume(queue, subscription.Concurrency, subscription, handler, async (channel, cancellation) =>
            {
                await WireTopology.DeclareSubscription(channel, queue, MessageName.AddressOf<TEvent>(), subscription.Patterns, MessageName.Pinned(typeof(TEvent)).Repeated, _options.IsConfined, cancellation);
                return queue;
            })
            : ConsumePrivately(subscription, handler);

    public async ValueTask DisposeAsync()
    {
        foreach (var consumer in _consumers.Keys)
            await consumer.DisposeAsync();
        await _control.DisposeAsync();
        await _bulk.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>Why this process does not receive what it should: no connection, or an endpoint or queue that is not consumed. Null: it does.</summary>
    public string? WhyNotReady()
    {
        var silent = _consumers.Keys.Where(c => !c.IsInPlace).Select(c => c.Queue).ToList();
        return _control.WhyNotReady() ?? (silent.Count > 0 ? $"not consuming: {string.Join("; ", silent)}" : null);
    }

    // What the library says itself is that it could not; why, is inside.
    static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    /// <summary>A consumer of our own: it stops and starts with its readiness, and outlives its channel, its queue and the broker.</summary>
    QueueConsumer Consume<TEvent>(
        string queue, int limit, Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler, Func<IChannel, CancellationToken, Task<string>> declare)
        where TEvent : class, IRouted
    {
        var atATime = new SemaphoreSlim(subscription.Concurrency);
        var consumption = new Consumption(
            queue,
            limit,
            declare,
            async message =>
            {
                try
                {
                    var events = WireMessage.OfEnvelope(message.Body.Span).Each().Select(one => one.Read<TEvent>()).ToList();
                    await Run(handler, events, atATime, queue);
                    return Settlement.Done;
                }
                catch (MessagingException e)
                {
                    _onFault?.Invoke(e, queue);
                    return Settlement.DeadLetter;
                }
            })
        { Ready = subscription.Ready, IsExpendable = true };
        return Consume(consumption);
    }

    // Not through the library: it makes the exchange that it takes from, which a confined user may not, and takes several times as long for each event.
    QueueConsumer ConsumePrivately<TEvent>(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : class, IRouted
    {
        var exchange = MessageName.AddressOf<TEvent>();
        var prefix = $"{exchange}.{_user}";
        return Consume(prefix, _options.Prefetch, subscription, handler, async (channel, cancellation) =>
        {
            // Another one on each channel: the broker may take a while to see that the consumer of the last is gone, and would go on sending to it.
            var queue = $"{prefix}.{Guid.CreateVersion7():N}";
            await WireTopology.DeclarePrivate(channel, queue, exchange, subscription.Patterns, _options.IsConfined, cancellation);
            return queue;
        });
    }

    QueueConsumer Consume(Consumption consumption)
    {
        var consumer = new QueueConsumer(_connection, consumption, e => _onFault?.Invoke(e, consumption.Queue), gone => _consumers.TryRemove(gone, out _));
        _consumers[consumer] = true;
        return consumer;
    }

    async Task Run<TEvent>(Func<TEvent, CancellationToken, ValueTask> handler, IEnumerable<TEvent> events, SemaphoreSlim atATime, string queue)
    {
        await atATime.WaitAsync();
        foreach (var message in events)
        {
            try
            {
                await handler(message, CancellationToken.None);
            }
            catch (Exception e)
            {
                // Events are bells: what a handler missed is made good, and a retry here would hold up the queue.
                _onFault?.Invoke(e, queue);
            }
        }

        atATime.Release();
    }
}
