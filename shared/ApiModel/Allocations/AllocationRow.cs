namespace Holoflow.ApiModel.Allocations;

/// <summary>A Slurm job, or a task of a job array, that a run asked for; or the job that the run itself is.</summary>
public sealed record AllocationRow
{
    /// <summary>What tells the job from the run's others.</summary>
    public required string Key { get; init; }

    /// <summary>Its index, where it is part of an array.</summary>
    public int? ArrayIndex { get; init; }

    /// <summary>True for the job that the run itself is.</summary>
    public bool IsRun { get; init; }

    /// <summary>The cluster profile.</summary>
    public required string Cluster { get; init; }

    /// <summary>Slurm's id; null until Slurm has accepted it.</summary>
    public long? JobId { get; init; }

    /// <summary>Waiting, Running or Ended.</summary>
    public required string Phase { get; init; }

    /// <summary>E.g. Pending, HeldForever, Running, Completed, TimeLimit, OutOfMemory, NodeFailed, Preempted, CancelledOutside.</summary>
    public required string State { get; init; }

    /// <summary>The same in plain words, with Slurm's reason.</summary>
    public string? Reason { get; init; }

    /// <summary>What it waited for, as Slurm said last; null where it did not wait, or nobody was told why.</summary>
    public string? WaitedFor { get; init; }

    public string? Partition { get; init; }

    /// <summary>Its node, or nodes in Slurm's short form.</summary>
    public string? Node { get; init; }

    /// <summary>When Slurm expects it to start, while it waits.</summary>
    public DateTimeOffset? ExpectedAt { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The task runs that it has begun to execute; of a run the first 10,000. Empty for the job that the run itself is.</summary>
    public required IReadOnlyList<Guid> TaskRunIds { get; init; }
}
