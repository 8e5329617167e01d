namespace Holoflow.Persistence.Model;

/// <summary>An API token, known by its hash alone.</summary>
public sealed class ApiTokenRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The SHA-256 of the token, 64 lower-case hex digits.</summary>
    public required string Hash { get; init; }

    /// <summary>enroll, read, run, agent or admin.</summary>
    public required string Scope { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}
