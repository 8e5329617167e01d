namespace Holoflow.Scheduler;

/// <summary>The times that the scheduler goes by.</summary>
public sealed record SchedulerOptions
{
    /// <summary>How often expired leases and late runs are swept, and everything is looked at again whether a bell rang or not.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long an offer is good for, and a slot kept for it; then the run is offered again.</summary>
    public TimeSpan OfferLifetime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an agent that tells nothing of itself is still offered runs.</summary>
    public TimeSpan AgentSilence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether schedules are turned into runs. Off in a process that only serves one run of its own.</summary>
    public bool FireSchedules { get; init; } = true;

    /// <summary>A fire time this old is not late yet, whatever the catch-up policy.</summary>
    public TimeSpan ScheduleGrace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after their end runs are kept, with everything that belongs to them. Null: for ever.</summary>
    public TimeSpan? KeepRunsFor { get; init; }

    /// <summary>How many ended runs of a flow are kept, the newest. Null: all of them.</summary>
    public int? KeepRunsPerFlow { get; init; }
}
