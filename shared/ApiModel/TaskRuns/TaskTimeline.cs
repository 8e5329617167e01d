namespace Holoflow.ApiModel.TaskRuns;

/// <summary>
/// All task runs of a flow run in few bytes: one array a column, a task run at the same place in each. Times are unix milliseconds.
/// </summary>
public sealed record TaskTimeline
{
    /// <summary>The event id to follow the run from: everything until then is in here.</summary>
    public required string Follow { get; init; }

    /// <summary>The tasks' names, in order of first submission.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>The state names that occur; the first word of each is its type: <c>Completed</c>, <c>Completed Cached</c>.</summary>
    public required IReadOnlyList<string> States { get; init; }

    public required IReadOnlyList<Guid> Id { get; init; }

    public required IReadOnlyList<string> Name { get; init; }

    /// <summary>A place in <see cref="Tasks"/>.</summary>
    public required IReadOnlyList<int> Task { get; init; }

    /// <summary>A place in <see cref="States"/>.</summary>
    public required IReadOnlyList<int> State { get; init; }

    public required IReadOnlyList<long> Created { get; init; }

    public required IReadOnlyList<long?> Started { get; init; }

    public required IReadOnlyList<long?> Ended { get; init; }

    /// <summary>True: there are more than are listed.</summary>
    public bool Truncated { get; init; }
}
