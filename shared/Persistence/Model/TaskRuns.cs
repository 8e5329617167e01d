namespace Holoflow.Persistence.Model;

public sealed class TaskRunRow
{
    public required Guid Id { get; init; }

    /// <summary>The flow run, or the nested run, that it belongs to.</summary>
    public required Guid RunId { get; init; }

    /// <summary>The journal sequence that created it: the order of submission.</summary>
    public required long CreatedSequence { get; init; }

    public required string Key { get; init; }

    public required string TaskName { get; init; }

    public required string RunName { get; init; }

    /// <summary>What the task does, in its author's words.</summary>
    public string? Description { get; init; }

    public int? MapIndex { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string Tags { get; init; }

    public required string StateType { get; init; }

    public required string StateName { get; init; }

    public string? StateMessage { get; init; }

    public required DateTimeOffset StateAt { get; init; }

    /// <summary>The journal sequence of the newest event that was applied.</summary>
    public required long Sequence { get; init; }

    public required int RunCount { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>One state that a task run was in.</summary>
public sealed class TaskRunStateRow
{
    public required Guid TaskId { get; init; }

    public required long Sequence { get; init; }

    public required string StateType { get; init; }

    public required string StateName { get; init; }

    public string? Message { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A task run used another's result (or, with an empty name, waited for it).</summary>
public sealed class TaskEdgeRow
{
    public required Guid RunId { get; init; }

    public required Guid ToTask { get; init; }

    public required Guid FromTask { get; init; }

    public required string Name { get; init; }
}

/// <summary>The newest progress of a task run, or of the flow run itself.</summary>
public sealed class ProgressRow
{
    public required Guid RunId { get; init; }

    /// <summary>The task run; the run's own id where it is the flow's progress.</summary>
    public required Guid SubjectId { get; init; }

    public double? Fraction { get; init; }

    public long? Count { get; init; }

    public long? Total { get; init; }

    public string? Message { get; init; }

    public double? SecondsLeft { get; init; }

    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }
}

public sealed class ArtifactRow
{
    public required Guid Id { get; init; }

    public required Guid RunId { get; init; }

    public Guid? TaskId { get; init; }

    public required long Sequence { get; init; }

    public required string Key { get; init; }

    public required string Type { get; init; }

    public string? Title { get; init; }

    /// <summary>JSON.</summary>
    public string? Data { get; init; }

    public string? File { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A job on a cluster, or a task of a job array, that a run asked for; or the job that it is.</summary>
public sealed class AllocationRow
{
    public required Guid RunId { get; init; }

    public required string Key { get; init; }

    /// <summary>-1: no array.</summary>
    public required int ArrayIndex { get; init; }

    public required string Cluster { get; init; }

    public long? JobId { get; init; }

    public required string Phase { get; init; }

    public required string State { get; init; }

    public string? Message { get; init; }

    public string? Node { get; init; }

    public DateTimeOffset? ExpectedAt { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public string? Partition { get; init; }

    /// <summary>What it waited for, as it was told last.</summary>
    public string? WaitedFor { get; init; }
}

/// <summary>A task run that an allocation has begun to execute.</summary>
public sealed class AllocationTaskRow
{
    public required Guid RunId { get; init; }

    public required string Key { get; init; }

    /// <summary>-1: no array.</summary>
    public required int ArrayIndex { get; init; }

    public required Guid TaskId { get; init; }
}
