using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.ReadModel.Scheduling;

namespace Holoflow.Scheduler.Offers;

/// <summary>Offers due runs against the free slots that agents have announced.</summary>
sealed class RunOffers(IMessageBus bus, WaitingRuns waiting, KnownAgents agents, SchedulerOptions options)
{
    /// <summary>One pass; how many runs were offered.</summary>
    public async Task<int> RunOnce(DateTimeOffset now, CancellationToken cancellation)
    {
        var free = agents.Free(now, options.AgentSilence);
        if (free.Count == 0)
            return 0;
        var queues = (await waiting.ReadLoads(cancellation)).ToDictionary(q => q.Name, StringComparer.Ordinal);
        var underWay = agents.CountUnderWay();
        var tags = new TagRoom(await waiting.ReadLimits(cancellation), agents.CountUnderWayByTag());
        var due = new List<WaitingRun>();
        foreach (var queue in free.SelectMany(a => a.Queues).Distinct(StringComparer.Ordinal))
        {
            var room = Math.Min(OfferPlan.Room(queues.GetValueOrDefault(queue), underWay.GetValueOrDefault(queue)), free.Sum(a => a.FreeSlots));
            if (room > 0)
                due.AddRange(await waiting.ReadDue(queue, now, room, run => !agents.IsUnderWay(run.Id) && free.Exists(a => a.Takes(run)) && tags.TryTake(run), cancellation));
        }

        var offers = OfferPlan.Decide(due, queues, free, underWay);
        // None waits for another's confirmation.
        await Task.WhenAll(offers.Select(offer => Publish(offer, now, cancellation)));
        return offers.Count;
    }

    async Task Publish(PlannedOffer offer, DateTimeOffset now, CancellationToken cancellation)
    {
        var until = now + options.OfferLifetime;
        agents.Offered(offer.Run, offer.AgentId, until);
        await bus.Publish(new RunOffered(Guid.CreateVersion7(now), offer.Run.Id, offer.Run.Queue, offer.Run.Tags, until), cancellation);
    }
}
