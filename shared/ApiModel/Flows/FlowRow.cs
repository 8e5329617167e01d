namespace Holoflow.ApiModel.Flows;

/// <summary>A flow that has a deployment or a run.</summary>
public sealed record FlowRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int Deployments { get; init; }

    /// <summary>When its newest run was created.</summary>
    public DateTimeOffset? LastRunAt { get; init; }
}
