using System.Collections.Concurrent;
using MassTransit;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>One bus of the library's, from a connection to its loss. It is not trusted to recover: the next connection gets another one.</summary>
sealed class BusGeneration : IAsyncDisposable
{
    /// <summary>From the wish to start or end to giving it up.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly IBusControl _bus;
    readonly BrokerConnection _connection;
    readonly RabbitMqOptions _options;
    readonly string _user;
    readonly CancellationTokenSource _lost = new();
    readonly ConcurrentDictionary<Uri, IRequestClient<WireMessage>> _clients = new();
    readonly ConcurrentDictionary<string, Task> _outlets = new(StringComparer.Ordinal);
    readonly Dictionary<BusEndpoint, HostReceiveEndpointHandle> _endpoints = [];
    readonly Lock _lock = new();

    BusGeneration(IBusControl bus, BrokerConnection connection, RabbitMqOptions options, string user) => (_bus, _connection, _options, _user) = (bus, connection, options, user);

    /// <summary>Ends when the connection is lost: who waits for an answer over it waits in vain.</summary>
    public CancellationToken Lost => _lost.Token;

    public bool IsHealthy => _bus.CheckHealth().Status == BusHealthStatus.Healthy;

    /// <summary>Which endpoint does not consume; null: all do.</summary>
    public string? WhyNotReady()
    {
        var health = _bus.CheckHealth();
        if (health.Status == BusHealthStatus.Healthy)
            return null;
        var endpoints = health.Endpoints.Where(e => e.Value.Status != BusHealthStatus.Healthy).Select(e => $"{e.Key} {e.Value.Description}").ToList();
        return endpoints.Count > 0 ? $"not consuming: {string.Join("; ", endpoints)}" : health.Description;
    }

    public static async Task<BusGeneration> Start(BrokerConnection connection, RabbitMqOptions options, CancellationToken cancellation)
    {
        // The library's switch for its report of who uses it and how.
        Environment.SetEnvironmentVariable("MASSTRANSIT_USAGE_TELEMETRY", "false");
        var factory = BrokerConnection.Factory(options, "");
        var bus = Bus.Factory.CreateUsingRabbitMq(bus =>
        {
            bus.Host(new UriBuilder(options.Address) { UserName = "", Password = "", Query = "" }.Uri, options.ConnectionName, host =>
            {
                host.Username(factory.UserName);
                host.Password(factory.Password);
                host.Heartbeat(options.Heartbeat);
                host.PublisherConfirmation = true;
                BrokerTls.Of(options.Address)?.Apply(host);
            });
            bus.ConfigureJsonSerializerOptions(json =>
            {
                json.WriteIndented = false;
                return json;
            });
            // The user's name is part of it, so that the broker can keep users from each other's answers.
            bus.OverrideDefaultBusEndpointQueueName($"answers.{factory.UserName}.{Guid.CreateVersion7():N}");
            // Durable, and gone with its consumer: newer brokers take no transient queue that is not exclusive.
            bus.Durable = true;
            bus.AutoDelete = true;
        });
        var generation = new BusGeneration(bus, connection, options, factory.UserName);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            await bus.StartAsync(limit.Token).WaitAsync(Patience * 1.5, cancellation);
            return generation;
        }
        catch
        {
            _ = generation.DisposeAsync().AsTask();
            throw;
        }
    }

    public Task<ISendEndpoint> Endpoint(Uri address) => _bus.GetSendEndpoint(address);

    public IRequestClient<WireMessage> Client(Uri address) => _clients.GetOrAdd(address, a => _bus.CreateRequestClient<WireMessage>(a, _options.RequestTimeout));

    /// <summary>Where a message for an exchange is sent.</summary>
    /// <exception cref="MessagingException">The user is confined, and nobody has made the exchange yet.</exception>
    public async ValueTask<Uri> Outlet(string exchange, string type)
    {
        if (!_options.IsConfined)
            return new Uri($"exchange:{exchange}?type={type}");
        var outlet = WireTopology.Outlet(_user, exchange);
        try
        {
            await _outlets.GetOrAdd(exchange, _ => MakeOutlet(outlet, exchange, type));
        }
        catch (Exception e) when (e is RabbitMQClientException or TimeoutException)
        {
            ForgetOutlet(exchange);
            throw new MessagingException($"nothing can be sent to '{exchange}' yet: {e.Message}", e);
        }

        return new Uri($"exchange:{outlet}?type={type}");
    }

    /// <summary>Nobody answered: the exchange behind it may have been made anew.</summary>
    public void ForgetOutlet(string exchange) => _outlets.TryRemove(exchange, out _);

    /// <summary>Has the endpoint consume over this connection.</summary>
    public void Connect(BusEndpoint endpoint)
    {
        var handle = _bus.ConnectReceiveEndpoint(endpoint.Queue, receive => endpoint.Configure((IRabbitMqReceiveEndpointConfigurator)receive));
        lock (_lock)
            _endpoints[endpoint] = handle;
        _ = handle.Ready.ContinueWith(_ => endpoint.Stands(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    /// <summary>Ends one endpoint, and waits for its handlers.</summary>
    public async ValueTask Disconnect(BusEndpoint endpoint)
    {
        HostReceiveEndpointHandle? handle;
        lock (_lock)
            _endpoints.Remove(endpoint, out handle);
        if (handle is not null)
            await Bounded(handle.StopAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _lost.CancelAsync();
        await Bounded(_bus.StopAsync);
    }

    async Task MakeOutlet(string outlet, string exchange, string type)
    {
        await using var channel = await _connection.OpenChannel(null, _lost.Token);
        await WireTopology.DeclareOutlet(channel, outlet, exchange, type, _lost.Token);
    }

    static async Task Bounded(Func<CancellationToken, Task> end)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            await end(limit.Token).WaitAsync(Patience * 1.5);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or MassTransitException or RabbitMQClientException)
        {
            // The broker is away: its side ends with the connection, and what was not acknowledged comes again.
        }
    }
}
