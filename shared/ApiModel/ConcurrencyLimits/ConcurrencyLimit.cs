using System.Text.Json.Serialization;

namespace Holoflow.ApiModel.ConcurrencyLimits;

/// <summary>How many flow runs and task runs that carry a tag, or ask for a slot by this name, may go on at a time, and which do.</summary>
public sealed record ConcurrencyLimitRow
{
    public required string Tag { get; init; }

    public required int Slots { get; init; }

    /// <summary>The runs and tasks that hold the slots, the oldest first.</summary>
    public IReadOnlyList<SlotHolder> Holders { get; init; } = [];

    /// <summary>How many tasks wait for a slot.</summary>
    public int Waiting { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts its changes.</summary>
    public long Revision { get; init; }
}

/// <summary>A run that holds a slot, or one of whose tasks does.</summary>
public sealed record SlotHolder(Guid RunId, string RunName, string Agent, DateTimeOffset Since)
{
    /// <summary>The task run that holds it; null: the flow run itself.</summary>
    public Guid? TaskRunId { get; init; }

    public string? TaskRunName { get; init; }
}

/// <summary>Creates or changes the limit of the tag that the path names.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SetConcurrencyLimit
{
    /// <summary>0 or more; 0 holds everything back that carries the tag.</summary>
    public required int Slots { get; init; }
}
