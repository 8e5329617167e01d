namespace Holoflow.Persistence.Model;

/// <summary>How many runs of a flow, deployment and queue are in a state, as far as one shard counted them; the sum over the shards is the number.</summary>
public sealed class RunCountRow
{
    public required string StateType { get; init; }

    public required string FlowName { get; init; }

    /// <summary>Zeros: of no deployment.</summary>
    public required Guid DeploymentId { get; init; }

    public required string Queue { get; init; }

    public required int Shard { get; init; }

    public required long Runs { get; init; }
}

/// <summary>How many of the runs created in an hour are in a state, as far as one shard counted them.</summary>
public sealed class RunHourRow
{
    /// <summary>In hours since 1970-01-01 UTC.</summary>
    public required long Hour { get; init; }

    public required string StateType { get; init; }

    public required int Shard { get; init; }

    public required long Runs { get; init; }
}
