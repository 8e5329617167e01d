using System.Collections.Concurrent;
using Holoflow.Contracts;

namespace Holoflow.Messaging.Tests;

/// <summary>Requests and events over a broker that is killed and comes back.</summary>
public sealed class BrokerLossTests : KilledBroker
{
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
            await Restart();
            await Until(async () => await agent.Request(new RenewLeases("a", []), Cancellation));
            // An event that is published while a private subscription is away is lost, as any event may be.
            await UntilHeard(heard, round, () => services.Publish(new RunControl("a", Guid.Empty, round, WantedOfRun.Run, null), Cancellation));
            await UntilHeard(announced, round, () => agent.Publish(Capacity(round), Cancellation));
        }

        ValueTask Hear(long epoch)
        {
            heard.GetOrAdd(epoch, _ => new()).TrySetResult();
            return ValueTask.CompletedTask;
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
}
