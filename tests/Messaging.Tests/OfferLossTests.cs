using System.Collections.Concurrent;
using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;

namespace Holoflow.Messaging.Tests;

/// <summary>Offers over a broker that is killed and comes back, under consumers that stop and start all the time.</summary>
public sealed class OfferLossTests : KilledBroker
{
    int _madeAnew;

    [Fact]
    public async Task Every_confirmed_offer_reaches_an_agent_though_the_broker_is_killed_and_agents_stop_and_start()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var agents = new List<Flipping>();
        for (var i = 0; i < 3; i++)
            agents.Add(new Flipping(await Connect(TimeSpan.FromSeconds(2)), ending.Token));
        var scheduler = await Connect(TimeSpan.FromSeconds(30));
        // An offer goes to the queues that there are.
        await Task.WhenAll(agents.Select(a => a.Established)).WaitAsync(Cancellation);

        for (var round = 0; round < Rounds; round++)
        {
            var (madeAnew, restarting) = (Volatile.Read(ref _madeAnew), Restart());
            var offers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Offer(scheduler)));
            await restarting;
            foreach (var offer in offers)
                await Took(agents, scheduler, offer, madeAnew);
        }

        await ending.CancelAsync();
        foreach (var agent in agents)
            await agent.Ended();
    }

    protected override void Told(Exception fault, object about)
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

        public Task Established => _subscription.Established;

        public bool HasTaken(Guid offer) => _taken.ContainsKey(offer);

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
