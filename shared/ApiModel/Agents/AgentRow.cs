namespace Holoflow.ApiModel.Agents;

/// <summary>An agent, as it last told of itself.</summary>
public sealed record AgentRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Host { get; init; }

    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>Runs must carry all of them to be taken.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public int Slots { get; init; }

    public int FreeSlots { get; init; }

    public string? Version { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>False: it stopped, or has not been heard of for too long.</summary>
    public bool Online { get; init; }

    /// <summary>Runs it holds.</summary>
    public int Runs { get; init; }
}
