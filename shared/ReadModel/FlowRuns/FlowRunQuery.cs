namespace Holoflow.ReadModel.FlowRuns;

/// <summary>Which flow runs are looked for. All that is given must hold; of several values of one kind any may (tags and parameters: all must).</summary>
public sealed record FlowRunQuery
{
    public IReadOnlyList<StateCondition> States { get; init; } = [];

    public IReadOnlyList<string> Flows { get; init; } = [];

    public IReadOnlyList<Guid> Deployments { get; init; } = [];

    public IReadOnlyList<string> Queues { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Names with values in the form of <see cref="Persistence.ParameterValue"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Created then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Created before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>A part of the run's or the flow's name, small and capital ASCII letters alike.</summary>
    public string? Text { get; init; }

    public Guid? ParentRunId { get; init; }

    public bool OldestFirst { get; init; }
}

/// <param name="Type">The state's type.</param>
/// <param name="Name">Its name; null: any.</param>
public readonly record struct StateCondition(string Type, string? Name = null);

/// <summary>A place in a list of flow runs: the sort key of the last row that was looked at.</summary>
public readonly record struct FlowRunKey(DateTimeOffset CreatedAt, Guid Id);

/// <param name="Rows">The runs, in order.</param>
/// <param name="Next">Where to go on; null: there are no more. A page may be short, even empty, and there still be more.</param>
public sealed record FlowRunPage(IReadOnlyList<Persistence.Model.FlowRunRow> Rows, FlowRunKey? Next);
