using System.Text.Json.Serialization;

namespace Holoflow.ApiModel.ConcurrencyLimits;

/// <summary>How many flow runs that carry a tag may be held by agents at a time, and which are.</summary>
public sealed record ConcurrencyLimitRow
{
    public required string Tag { get; init; }

    public required int Slots { get; init; }

    /// <summary>The runs that hold the slots, the oldest first.</summary>
    public IReadOnlyList<SlotHolder> Holders { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts its changes.</summary>
    public long Revision { get; init; }
}

/// <summary>A run that holds a slot.</summary>
public sealed record SlotHolder(Guid RunId, string RunName, string Agent, DateTimeOffset Since);

/// <summary>Creates or changes the limit of the tag that the path names.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SetConcurrencyLimit
{
    /// <summary>0 or more; 0 holds everything back that carries the tag.</summary>
    public required int Slots { get; init; }
}
