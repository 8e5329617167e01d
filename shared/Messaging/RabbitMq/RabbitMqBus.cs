using System.Collections.Concurrent;
using Holoflow.Contracts;
using MassTransit;
using RabbitMQ.Client;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>The control plane over RabbitMQ. Queues that services share are durable quorum queues; publishes wait for the broker's confirmation.</summary>
public sealed class RabbitMqBus : IMessageBus, IAsyncDisposable
{
    readonly IBusControl _bus;
    readonly RabbitMqOptions _options;
    readonly Action<Exception, object>? _onFault;
    readonly ConcurrentDictionary<Type, IRequestClient<WireMessage>> _clients = new();
    readonly ConcurrentDictionary<Guid, BrokerSubscription> _subscriptions = new();

    RabbitMqBus(IBusControl bus, RabbitMqOptions options, Action<Exception, object>? onFault)
    {
        _bus = bus;
        _options = options;
        _onFault = onFault;
    }

    /// <summary>Connects, and makes what is missing at the broker.</summary>
    /// <exception cref="MessagingException">The broker cannot be reached or refuses the user.</exception>
    public static async Task<RabbitMqBus> Connect(RabbitMqOptions options, Action<Exception, object>? onFault = null, CancellationToken cancellation = default)
    {
        var factory = new ConnectionFactory { Uri = options.Address, ClientProvidedName = options.ConnectionName };
        var tls = BrokerTls.Of(options.Address);
        tls?.Apply(factory);
        (factory.UserName, factory.Password) = (options.User ?? factory.UserName, options.Password ?? factory.Password);
        try
        {
            await using var connection = await factory.CreateConnectionAsync(cancellation);
            if (options.DeclaresRequestQueues)
                await WireTopology.DeclareRequestQueues(connection, cancellation);
        }
        catch (Exception e) when (e is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException)
        {
            throw new MessagingException($"the broker at {options.Address.Host}:{options.Address.Port} cannot be used as '{factory.UserName}': {Innermost(e).Message}", e);
        }

        var bus = Bus.Factory.CreateUsingRabbitMq(bus =>
        {
            // The user's name is part of it, so that the broker can keep users from each other's answers.
            bus.OverrideDefaultBusEndpointQueueName($"answers.{factory.UserName}.{Guid.CreateVersion7():N}");
            bus.Host(new UriBuilder(options.Address) { UserName = "", Password = "", Query = "" }.Uri, options.ConnectionName, host =>
            {
                host.Username(factory.UserName);
                host.Password(factory.Password);
                host.PublisherConfirmation = true;
                tls?.Apply(host);
            });
        });
        await bus.StartAsync(cancellation);
        return new RabbitMqBus(bus, options, onFault);
    }

    public async ValueTask Publish<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : class, IRouted
    {
        try
        {
            var exchange = await _bus.GetSendEndpoint(new Uri($"exchange:{MessageName.AddressOf<TEvent>()}?type=topic"));
            await exchange.Send(WireMessage.Of(message), context => context.SetRoutingKey(message.RoutingKey), cancellation).WaitAsync(_options.RequestTimeout, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new MessagingException($"'{MessageName.Of<TEvent>()}' was not confirmed by the broker within {_options.RequestTimeout.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is RabbitMqConnectionException or RabbitMQ.Client.Exceptions.RabbitMQClientException)
        {
            throw new MessagingException($"'{MessageName.Of<TEvent>()}' was not accepted by the broker: {e.Message}", e);
        }

        foreach (var subscription in _subscriptions.Values)
            await subscription.Recheck();
    }

    public async ValueTask<TAnswer> Request<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation = default)
        where TAnswer : class
    {
        var type = request.GetType();
        var client = _clients.GetOrAdd(type, _ => _bus.CreateRequestClient<WireMessage>(new Uri($"exchange:{WireTopology.RequestQueue(type)}?type=fanout"), _options.RequestTimeout));
        try
        {
            // The library's own time-out starts when the broker has confirmed the request; a broker that dies before that confirms nothing.
            var response = await client.GetResponse<WireMessage>(WireMessage.Of(request), cancellation).WaitAsync(_options.RequestTimeout, cancellation);
            return response.Message.Read<TAnswer>();
        }
        catch (Exception e) when (e is RequestTimeoutException or TimeoutException)
        {
            throw new TimeoutException($"no answer to '{MessageName.Of(type)}' within {_options.RequestTimeout.TotalSeconds:0.#} s", e);
        }
        catch (RequestFaultException e)
        {
            throw new MessagingException($"the handler of '{MessageName.Of(type)}' failed: {e.Fault?.Exceptions?.FirstOrDefault()?.Message ?? e.Message}", e);
        }
        catch (RequestException e)
        {
            throw new MessagingException($"'{MessageName.Of(type)}' was not accepted by the broker: {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    public IAsyncDisposable Handle<TRequest, TAnswer>(Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class
    {
        var endpoint = _bus.ConnectReceiveEndpoint(WireTopology.RequestQueue(typeof(TRequest)), receive =>
        {
            WireTopology.Shared((IRabbitMqReceiveEndpointConfigurator)receive, _options.Prefetch);
            receive.Handler<WireMessage>(async context => await context.RespondAsync(WireMessage.Of(await handler(context.Message.Read<TRequest>(), context.CancellationToken))));
        });
        return new ConnectedEndpoint(endpoint);
    }

    public ISubscription Subscribe<TEvent>(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : class, IRouted =>
        new BrokerSubscription(
            () => _bus.ConnectReceiveEndpoint(
                subscription.Queue ?? $"{MessageName.AddressOf<TEvent>()}.{Guid.CreateVersion7():N}",
                receive => Receive((IRabbitMqReceiveEndpointConfigurator)receive, subscription, handler)),
            subscription.Ready,
            _subscriptions);

    /// <summary>Why this process does not receive what it should: no connection, or an endpoint that does not consume. Null: it does.</summary>
    public string? WhyNotReady()
    {
        var health = _bus.CheckHealth();
        if (health.Status == BusHealthStatus.Healthy)
            return null;
        var endpoints = health.Endpoints.Where(e => e.Value.Status != BusHealthStatus.Healthy).Select(e => $"{e.Key} {e.Value.Description}").ToList();
        return endpoints.Count > 0 ? $"not consuming: {string.Join("; ", endpoints)}" : health.Description;
    }

    public async ValueTask DisposeAsync() => await _bus.StopAsync(TimeSpan.FromSeconds(30));

    // What the library says itself is that it could not; why, is inside.
    static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    void Receive<TEvent>(IRabbitMqReceiveEndpointConfigurator endpoint, Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : class, IRouted
    {
        if (subscription.Queue is null)
            WireTopology.Private(endpoint, _options.Prefetch);
        else
            WireTopology.Shared(endpoint, subscription.Concurrency);
        endpoint.ConcurrentMessageLimit = subscription.Concurrency;
        endpoint.Bind(MessageName.AddressOf<TEvent>(), bind =>
        {
            bind.ExchangeType = "topic";
            bind.RoutingKey = subscription.Pattern;
        });
        endpoint.Handler<WireMessage>(context => Run(handler, context));
    }

    async Task Run<TEvent>(Func<TEvent, CancellationToken, ValueTask> handler, ConsumeContext<WireMessage> context)
        where TEvent : class
    {
        try
        {
            await handler(context.Message.Read<TEvent>(), context.CancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Events are bells: what a handler missed the sweep makes good, and a retry here would hold up the queue.
            _onFault?.Invoke(e, context.Message);
        }
    }
}
