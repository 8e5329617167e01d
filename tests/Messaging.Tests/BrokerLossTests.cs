using System.Collections.Concurrent;
using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Servers;

namespace Holoflow.Messaging.Tests;

/// <summary>A broker that is killed and comes back, under consumers that stop and start all the time.</summary>
public sealed class BrokerLossTests : IAsyncLifetime
{
    /// <summary>In the test command; HOLOFLOW_FAULT_ROUNDS asks for more.</summary>
    static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("HOLOFLOW_FAULT_ROUNDS"), out var rounds) ? rounds : 2;

    readonly List<RabbitMqBus> _buses = [];
    RabbitMqServer? _broker;
    int _madeAnew;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _broker = await RabbitMqServer.Start();

    public async ValueTask DisposeAsync()
    {
        foreach (var bus in _buses)
            await bus.DisposeAsync();
        if (_broker is not null)
            await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Every_confirmed_offer_reaches_an_agent_though_the_broker_is_killed_and_agents_stop_and_start()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var agents = new List<Flipping>();
        for (var i = 0; i < 3; i++)
            agents.Add(new Flipping(await Connect(TimeSpan.FromSeconds(2)), ending.Token));
        var scheduler = await Connect(TimeSpan.FromSeconds(30));

        for (var round = 0; round < Rounds; round++)
        {
            var (madeAnew, restarting) = (Volatile.Read(ref _madeAnew), _broker!.Restart());
            var offers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Offer(scheduler)));
            await restarting;
            foreach (var offer in offers)
                await Took(agents, scheduler, offer, madeAnew);
        }

        await ending.CancelAsync();
        foreach (var agent in agents)
            await agent.Ended();
    }

    [Fact]
    public async Task Requests_events_and_private_subscriptions_come_back_after_every_kill()
    {
        var (services, agent) = (await Connect(TimeSpan.FromSeconds(10)), await Connect(TimeSpan.FromSeconds(10)));
        await using var leases = services.Handle<RenewLeases, LeasesRenewed>((_, _) => ValueTask.FromResult(new LeasesRenewed([], 15)));
        var heard = new ConcurrentDictionary<long, TaskCompletionSource>();
        await using var control = agent.Subscribe<RunControl>(new Subscription("agent.a"), (message, _) => Hear(message.Epoch));
        var announced = new ConcurrentDictionary<long, TaskCompletionSource>();
        await using var shared = services.Subscribe<AgentCapacityChanged>(new Subscription("agent.#", "state-store-agents"), (message, _) =>
        {
            announced.GetOrAdd(message.Sequence, _ => new()).TrySetResult();
            return ValueTask.CompletedTask;
        });
        await Task.WhenAll(control.Established, shared.Established).WaitAsync(Cancellation);

        for (var round = 1; round <= Rounds; round++)
        {
            await _broker!.Restart();
            await Until(async () => await agent.Request(new RenewLeases("a", []), Cancellation));
            // An event that is published while a private subscription is away is lost, as any event may be.
            await UntilHeard(heard, round, () => services.Publish(new RunControl("a", Guid.Empty, round, WantedOfRun.Run, null), Cancellation));
            await UntilHeard(announced, round, () => agent.Publish(Flipping.Capacity(round), Cancellation));
        }

        ValueTask Hear(long epoch)
        {
            heard.GetOrAdd(epoch, _ => new()).TrySetResult();
            return ValueTask.CompletedTask;
        }
    }

    async Task<RabbitMqBus> Connect(TimeSpan requestTimeout)
    {
        _buses.Add(await RabbitMqBus.Connect(new RabbitMqOptions { Address = _broker!.Address, RequestTimeout = requestTimeout }, Told, Cancellation));
        return _buses[^1];
    }

    void Told(Exception fault, object about)
    {
        if (fault is MessagingException && fault.Message.EndsWith("made anew", StringComparison.Ordinal))
            Interlocked.Increment(ref _madeAnew);
    }

    static async Task<RunOffered> Offer(RabbitMqBus scheduler)
    {
        var offer = new RunOffered(Guid.CreateVersion7(), Guid.CreateVersion7(), "flipping", [], TimeProvider.System.GetUtcNow().AddHours(1));
        await Until(async () => await scheduler.Publish(offer, Cancellation));
        return offer;
    }

    // A queue that the broker cannot bring up again is made anew with nothing in it, which is told: then the scheduler offers again, until one is taken.
    async Task Took(IReadOnlyList<Flipping> agents, RabbitMqBus scheduler, RunOffered offer, int madeAnew)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var ticks = 0; !agents.Any(a => a.HasTaken(offer.OfferId)); ticks++)
        {
            if (Volatile.Read(ref _madeAnew) != madeAnew && ticks % 20 == 0)
                await Until(async () => await scheduler.Publish(offer, Cancellation));
            await tick.WaitForNextTickAsync(limit.Token);
        }
    }

    static async Task UntilHeard(ConcurrentDictionary<long, TaskCompletionSource> heard, long number, Func<ValueTask> say)
    {
        var hearing = heard.GetOrAdd(number, _ => new()).Task;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!hearing.IsCompleted)
        {
            await Until(async () => await say());
            await tick.WaitForNextTickAsync(Cancellation);
        }
    }

    static async Task Until(Func<Task> attempt)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception e) when (e is MessagingException or TimeoutException)
            {
                await tick.WaitForNextTickAsync(Cancellation);
            }
        }
    }

    /// <summary>An agent whose slots fill and free without end.</summary>
    sealed class Flipping
    {
        readonly ConcurrentDictionary<Guid, bool> _taken = new();
        readonly ISubscription _subscription;
        readonly Task _flips;
        volatile bool _isReady = true;

        public Flipping(RabbitMqBus bus, CancellationToken ending)
        {
            _subscription = bus.Subscribe<RunOffered>(new Subscription("offer.flipping", "run-offers.flipping") { Ready = () => _isReady }, (offer, _) =>
            {
                _taken[offer.OfferId] = true;
                return ValueTask.CompletedTask;
            });
            _flips = Flip(bus, ending);
        }

        public bool HasTaken(Guid offer) => _taken.ContainsKey(offer);

        public static AgentCapacityChanged Capacity(long sequence) =>
            new() { AgentId = "a", Name = "a", Host = "h", Queues = [], Tags = [], Slots = 1, FreeSlots = 0, Sequence = sequence, Version = "0" };

        public async Task Ended()
        {
            await _flips;
            await _subscription.DisposeAsync();
        }

        async Task Flip(RabbitMqBus bus, CancellationToken ending)
        {
            for (var i = 1L; !ending.IsCancellationRequested; i++)
            {
                _isReady = !_isReady;
                try
                {
                    await bus.Publish(Capacity(i), ending);
                }
                catch (Exception e) when (e is MessagingException or OperationCanceledException)
                {
                    // The broker is away; the flip was noticed all the same.
                }
            }
        }
    }
}
