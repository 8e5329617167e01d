namespace Holoflow.ApiModel.FlowRuns;

/// <summary>Which flow runs a list shows. All that is given must hold; of several values of one kind any may (tags: all must).</summary>
public sealed record FlowRunFilter
{
    /// <summary>State types or names: <c>Running</c>, <c>Late</c>, <c>TimedOut</c>…</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>Flow names.</summary>
    public IReadOnlyList<string> Flows { get; init; } = [];

    /// <summary>Ids, or <c>FLOW/NAME</c>.</summary>
    public IReadOnlyList<string> Deployments { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>Runs created at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Runs created before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Parameters by name with the value they must have: JSON where it parses as JSON, a string otherwise.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>A part of the run's name or flow's name.</summary>
    public string? Text { get; init; }

    /// <summary>Only nested runs of this run.</summary>
    public Guid? ParentRunId { get; init; }

    public FlowRunSort Sort { get; init; } = FlowRunSort.Newest;

    /// <summary>Rows a page: 1 to 200; null: 50.</summary>
    public int? Limit { get; init; }
}

/// <summary>The order of a list of flow runs.</summary>
public enum FlowRunSort
{
    /// <summary>Created last, first.</summary>
    Newest,

    /// <summary>Created first, first.</summary>
    Oldest,
}

/// <summary>How many flow runs of a filter are in each state.</summary>
/// <param name="ByType">By state type.</param>
/// <param name="Total">All of them.</param>
public sealed record FlowRunCounts(IReadOnlyDictionary<string, long> ByType, long Total);
