using Holoflow.Contracts;
using Holoflow.ReadModel.Scheduling;
using Holoflow.Scheduler.Offers;

namespace Holoflow.StateStore.Tests.Scheduling;

/// <summary>Which news of agents and runs call for a pass of the scheduler.</summary>
public sealed class KnownAgentsTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_end_of_a_run_calls_for_a_pass_only_where_a_slot_is_free()
    {
        var agents = new KnownAgents();
        var run = new WaitingRun(Guid.CreateVersion7(), "default", 0, Now, []);
        Assert.False(agents.Settle(run.Id));
        Assert.True(agents.Announce(Agent("agent-1", free: 1), Now));
        agents.Offered(run, "agent-1", Now.AddMinutes(1));
        agents.Taken(run.Id);

        // Another's end frees no slot while the agent's is kept; the run's own does, where the agent has not spoken since.
        Assert.False(agents.Settle(Guid.CreateVersion7()));
        Assert.True(agents.Settle(run.Id));

        // Where it has, its slot is free when it says so.
        Assert.False(agents.Announce(Agent("agent-1", free: 0) with { Sequence = 2 }, Now));
        Assert.False(agents.Settle(run.Id));
        Assert.True(agents.Announce(Agent("agent-1", free: 1) with { Sequence = 3 }, Now));

        // A limit that held others back may let one of them take another agent's slot.
        Assert.False(agents.Announce(Agent("agent-1", free: 0) with { Sequence = 4 }, Now));
        Assert.True(agents.Announce(Agent("agent-2", free: 1), Now));
        Assert.True(agents.Settle(run.Id));
    }

    static AgentCapacityChanged Agent(string id, int free) =>
        new() { AgentId = id, Name = id, Host = "host", Queues = ["default"], Tags = [], Slots = 1, FreeSlots = free, Sequence = 1, Version = "1.0.0" };
}
