namespace Holoflow.Contracts;

/// <summary>Makes an API token known by its hash; the token itself is in no message. One whose hash is known already changes nothing.</summary>
[Message("define-api-token", Addresses.StateStore)]
public sealed record DefineApiToken : IRequest<CommandAnswered>
{
    public required Guid TokenId { get; init; }

    /// <summary>Unique among those that are not revoked.</summary>
    public required string Name { get; init; }

    /// <summary>The SHA-256 of the token, 64 lower-case hex digits.</summary>
    public required string Hash { get; init; }

    /// <summary>read, run, agent or admin.</summary>
    public required string Scope { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Takes an API token's rights away, for good.</summary>
[Message("revoke-api-token", Addresses.StateStore)]
public sealed record RevokeApiToken(Guid TokenId) : IRequest<CommandAnswered>;
