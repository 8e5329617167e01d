using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.TaskRuns;

namespace Holoflow.ApiModel.Overview;

/// <summary>What runs, what waits and why, and what went wrong.</summary>
public sealed record ServerOverview
{
    /// <summary>When it was read, by the server's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The hours that <see cref="Activity"/> goes back.</summary>
    public required int Hours { get; init; }

    /// <summary>Runs that have not ended, by state type; among the Scheduled ones those that are not due yet.</summary>
    public required IReadOnlyDictionary<string, long> Unfinished { get; init; }

    /// <summary>How many of the Scheduled ones are late.</summary>
    public required long Late { get; init; }

    /// <summary>How many of the Scheduled ones are due.</summary>
    public required long Due { get; init; }

    /// <summary>Runs by the hour in which they were created; hours without one are left out.</summary>
    public required IReadOnlyList<ActivityBucket> Activity { get; init; }

    /// <summary>Runs that agents hold, the one started last first.</summary>
    public required IReadOnlyList<RunningRun> Running { get; init; }

    /// <summary>Runs that are due and wait, the one that waits longest first, and paused ones.</summary>
    public required IReadOnlyList<WaitingRun> Waiting { get; init; }

    /// <summary>The newest runs that failed or crashed within these hours.</summary>
    public required IReadOnlyList<FlowRunRow> Failed { get; init; }
}

/// <param name="Start">The full hour (UTC).</param>
/// <param name="ByType">Its runs by the state type they are in now.</param>
public sealed record ActivityBucket(DateTimeOffset Start, IReadOnlyDictionary<string, long> ByType);

/// <param name="Run">The run.</param>
/// <param name="Progress">What the flow itself says of it.</param>
/// <param name="TasksEnded">Task runs that have ended.</param>
/// <param name="Tasks">Task runs that are known.</param>
/// <param name="Fraction">How far it is, 0 to 1; null: nothing tells.</param>
/// <param name="EndsAt">When it is expected to end; null: nothing tells.</param>
public sealed record RunningRun(FlowRunRow Run, Progress? Progress, long TasksEnded, long Tasks, double? Fraction, DateTimeOffset? EndsAt);

/// <param name="Run">The run.</param>
/// <param name="Reasons">Why it waits, the nearest cause first.</param>
public sealed record WaitingRun(FlowRunRow Run, IReadOnlyList<WhyReason> Reasons);
