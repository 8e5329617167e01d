namespace Holoflow.Domain.Schedules;

/// <summary>What becomes of fire times that passed while nothing looked at the schedule.</summary>
public enum CatchUpPolicy
{
    /// <summary>Only the newest one runs.</summary>
    Last,

    /// <summary>All of them run, the newest <see cref="CatchUpRules.MaxRuns"/> at most.</summary>
    All,

    /// <summary>None of them runs.</summary>
    None,
}

/// <summary>How one schedule catches up.</summary>
/// <exception cref="ArgumentOutOfRangeException">A value makes no sense.</exception>
public sealed record CatchUpRules
{
    public CatchUpPolicy Policy { get; init; } = CatchUpPolicy.Last;

    /// <summary>A fire time older than this never becomes a run, and a run that waited longer than this past its due time is not started; null: never.</summary>
    public TimeSpan? Expiry
    {
        get;
        init => field = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The expiry of late runs must be more than zero, or absent.");
    }

    /// <summary>The most runs that one decision may make.</summary>
    public int MaxRuns
    {
        get;
        init => field = value is >= 1 and <= 100_000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The most runs to catch up must be 1 to 100,000.");
    } = 100;

    /// <summary>A fire time this old is not late yet: it runs under any policy. It covers the time between two looks at the schedule.</summary>
    public TimeSpan Grace
    {
        get;
        init => field = value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The grace of a schedule must be zero or more.");
    } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a run that was due at <paramref name="due"/> is too late to be started now.</summary>
    public bool IsExpired(DateTimeOffset due, DateTimeOffset now) => Expiry is { } expiry && now - due > expiry;
}
