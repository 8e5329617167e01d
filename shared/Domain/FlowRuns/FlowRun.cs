using Holoflow.Domain.Leases;

namespace Holoflow.Domain.FlowRuns;

/// <summary>A state of a flow run: the type that the machine decides on, the name and message that people read.</summary>
public sealed record RunState(RunStateType Type, string Name, DateTimeOffset At, string? Message = null)
{
    public static RunState Of(RunStateType type, DateTimeOffset at, string? name = null, string? message = null) =>
        new(type, name ?? type.ToString(), at, message);
}

/// <summary>How often a failed flow run starts again by itself, and after how long.</summary>
public sealed record RetryPolicy(int MaxRetries, TimeSpan Delay)
{
    public static readonly RetryPolicy None = new(0, TimeSpan.Zero);
}

/// <summary>How often a run whose process or agent died is scheduled again; 0 leaves it Crashed.</summary>
public sealed record CrashPolicy(int MaxReschedules)
{
    public static readonly CrashPolicy LeaveCrashed = new(0);
}

/// <summary>All that the machine knows of a flow run.</summary>
/// <param name="Id">The run's id.</param>
/// <param name="State">The state it is in.</param>
/// <param name="Version">Counts state changes; receivers of events decide by it.</param>
/// <param name="DueAt">When it may start.</param>
/// <param name="ExpiresAt">When a run that has not started is no longer wanted; null: never.</param>
/// <param name="Epoch">The fencing epoch of the newest claim; 0 before the first.</param>
/// <param name="Lease">Who holds the run, while an agent does.</param>
/// <param name="RunCount">How often it was claimed.</param>
/// <param name="RetriesUsed">Automatic retries since the last time a person asked.</param>
/// <param name="CrashesUsed">Automatic reschedules after a crash, since the last time a person asked.</param>
/// <param name="Retry">The flow's retry policy.</param>
/// <param name="OnCrash">The deployment's crash policy.</param>
public sealed record FlowRun(
    Guid Id,
    RunState State,
    long Version,
    DateTimeOffset DueAt,
    DateTimeOffset? ExpiresAt,
    long Epoch,
    Lease? Lease,
    int RunCount,
    int RetriesUsed,
    int CrashesUsed,
    RetryPolicy Retry,
    CrashPolicy OnCrash)
{
    /// <summary>A new run, due at <paramref name="dueAt"/>.</summary>
    public static FlowRun Create(Guid id, DateTimeOffset now, DateTimeOffset dueAt, RetryPolicy? retry = null, CrashPolicy? onCrash = null, DateTimeOffset? expiresAt = null) =>
        new(id, RunState.Of(RunStateType.Scheduled, now), 1, dueAt, expiresAt, 0, null, 0, 0, 0, retry ?? RetryPolicy.None, onCrash ?? CrashPolicy.LeaveCrashed);
}
