namespace Holoflow.StateStore;

/// <summary>The times that the state store goes by.</summary>
public sealed record StateStoreOptions
{
    /// <summary>
    /// How long a lease holds from its grant or renewal. With a sweep every 3 s, a dead agent is noticed at most 15 s after it renewed last.
    /// </summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How long after its due time a run that has not started is called Late.</summary>
    public TimeSpan LateGrace { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long no lease expires after a time without sweeps: agents could not renew while the broker, the database or the store was away.
    /// Null: as long as a lease holds. Zero where agents and store live in one process.
    /// </summary>
    public TimeSpan? ExpiryHoldOff { get; init; }

    /// <summary>How many runs of a kind one sweep changes.</summary>
    public int SweepLimit { get; init; } = 500;

    /// <summary>How old a stored event must be before a sweep publishes it again.</summary>
    public TimeSpan OutboxAge { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Called when a run was deleted, before the answer: whoever has files of it removes them. It must not fail.</summary>
    public Action<Guid>? RunDeleted { get; init; }
}
