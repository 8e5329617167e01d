namespace Holoflow.ApiModel;

/// <summary>An answer that says what is wrong (RFC 9457, <c>application/problem+json</c>).</summary>
public sealed record Problem
{
    /// <summary>What kind of mistake it is, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong this time, and what would be right.</summary>
    public string? Detail { get; init; }

    /// <summary>The fields that are wrong, each with what is wrong with it. A field within another is written <c>parameters.name</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }
}
