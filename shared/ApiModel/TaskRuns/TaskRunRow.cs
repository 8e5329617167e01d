using System.Diagnostics.CodeAnalysis;

namespace Holoflow.ApiModel.TaskRuns;

/// <summary>The state types of a task run.</summary>
public enum TaskStateType
{
    Pending,
    Running,
    Paused,
    Completed,
    Failed,
    Crashed,
    Cancelled,
}

/// <summary>The state of a task run.</summary>
/// <param name="Type">The type.</param>
/// <param name="Name">The type, or AwaitingRetry, Retrying, TimedOut, Cached, Skipped.</param>
/// <param name="At">When it was entered.</param>
/// <param name="Message">Why.</param>
public sealed record TaskState(TaskStateType Type, string Name, DateTimeOffset At, string? Message = null)
{
    /// <summary>True where the task run has ended.</summary>
    public bool IsFinal() => Type is TaskStateType.Completed or TaskStateType.Failed or TaskStateType.Crashed or TaskStateType.Cancelled;
}

/// <summary>A task run in a list.</summary>
public record TaskRunRow
{
    public required Guid Id { get; init; }

    /// <summary>The flow run it belongs to; a nested one where it was submitted by a nested flow.</summary>
    public required Guid FlowRunId { get; init; }

    /// <summary>Stable within the run over attempts, e.g. <c>regrid-7</c>.</summary>
    public required string Key { get; init; }

    public required string TaskName { get; init; }

    public required string Name { get; init; }

    /// <summary>What the task does, in its author's words.</summary>
    public string? Description { get; init; }

    /// <summary>The position within a mapped call.</summary>
    public int? MapIndex { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public required TaskState State { get; init; }

    /// <summary>How often it was executed.</summary>
    public int RunCount { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public Progress? Progress { get; init; }
}

/// <summary>All of a task run.</summary>
public sealed record TaskRunDetail : TaskRunRow
{
    public TaskRunDetail()
    {
    }

    /// <summary>What the lists show of the task run, and the names of its run and flow.</summary>
    [SetsRequiredMembers]
    public TaskRunDetail(TaskRunRow row, string flowRunName, string flowName)
        : base(row)
    {
        FlowRunName = flowRunName;
        FlowName = flowName;
    }

    public required string FlowRunName { get; init; }

    public required string FlowName { get; init; }

    /// <summary>The task runs whose results it uses or that it waits for.</summary>
    public IReadOnlyList<TaskInput> Inputs { get; init; } = [];
}

/// <param name="TaskRunId">The task run it depends on.</param>
/// <param name="Name">The input's name; empty where it only waits.</param>
public sealed record TaskInput(Guid TaskRunId, string Name);

/// <summary>How far a task or a flow is.</summary>
public sealed record Progress
{
    /// <summary>0 to 1.</summary>
    public double? Fraction { get; init; }

    public long? Count { get; init; }

    public long? Total { get; init; }

    public string? Message { get; init; }

    /// <summary>An estimate of what is left, in seconds.</summary>
    public double? SecondsLeft { get; init; }

    public DateTimeOffset At { get; init; }
}

/// <summary>Which task runs a list shows, in order of submission. All that is given must hold.</summary>
public sealed record TaskRunFilter
{
    public Guid? FlowRunId { get; init; }

    /// <summary>State types or names.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    public IReadOnlyList<string> TaskNames { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>A part of the task run's name.</summary>
    public string? Text { get; init; }

    /// <summary>Rows a page: 1 to 1000; null: 200.</summary>
    public int? Limit { get; init; }
}
