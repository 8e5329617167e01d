using Holoflow.Agent.Runs;
using Holoflow.Contracts;
using Holoflow.Messaging;

namespace Holoflow.Agent.Offers;

/// <summary>Tells of the agent and its free slots.</summary>
sealed class CapacityAnnouncement(IMessageBus bus, AgentContext context, HeldRuns runs)
{
    /// <summary>More than an agent announces between two starts.</summary>
    const long PerStart = 1_000_000_000;

    static readonly string Version = typeof(CapacityAnnouncement).Assembly.GetName().Version?.ToString(3) ?? "0";

    long _count;

    /// <summary>Safe to lose: the next one tells the same.</summary>
    public async Task Announce(bool online, CancellationToken cancellation)
    {
        // One that takes nothing only finishes what others left: nobody need know.
        if (context.Options.Slots == 0)
            return;
        var message = new AgentCapacityChanged
        {
            AgentId = context.Directory.AgentId,
            Name = context.Options.Name,
            Host = Environment.MachineName,
            Queues = context.Options.Queues,
            Tags = context.Options.Tags,
            Slots = context.Options.Slots,
            FreeSlots = online ? runs.FreeSlots : 0,
            Sequence = (context.Directory.Incarnation * PerStart) + Interlocked.Increment(ref _count),
            Version = Version,
            Online = online,
        };
        try
        {
            await bus.Publish(message, cancellation);
        }
        catch (Exception e) when (e is MessagingException or TimeoutException)
        {
            context.Log.NoAnswer(nameof(AgentCapacityChanged), e);
        }
    }
}
