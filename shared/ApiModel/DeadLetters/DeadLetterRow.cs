using System.Text.Json.Serialization;

namespace Holoflow.ApiModel.DeadLetters;

/// <summary>A message that could not be delivered or carried out.</summary>
public sealed record DeadLetterRow
{
    public required string Id { get; init; }

    /// <summary>The queue that it came from.</summary>
    public required string Queue { get; init; }

    /// <summary>The message's name; null: it is none of Holoflow's.</summary>
    public string? Message { get; init; }

    /// <summary>failed (its handler threw), rejected, expired, delivery_limit or maxlen.</summary>
    public required string Reason { get; init; }

    /// <summary>What its handler said.</summary>
    public string? Error { get; init; }

    public DateTimeOffset? At { get; init; }

    /// <summary>Its JSON, or what else it is.</summary>
    public required string Body { get; init; }
}

/// <summary>Chooses dead letters: by id, by queue, or all of them. Exactly one is given.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeadLetterChoice
{
    public string? Id { get; init; }

    public string? Queue { get; init; }

    public bool All { get; init; }
}

/// <summary>How many dead letters were sent again or dropped.</summary>
public sealed record DeadLettersDone(int Count);
