namespace Holoflow.Contracts;

/// <summary>Makes an API token known by its hash; the token itself is in no message. One whose hash is known already changes nothing.</summary>
[Message("define-api-token", Addresses.StateStore, Identity = "Hash")]
public sealed record DefineApiToken : IRequest<CommandAnswered>
{
    public required Guid TokenId { get; init; }

    /// <summary>Unique among those that are not revoked.</summary>
    public required string Name { get; init; }

    /// <summary>The SHA-256 of the token, 64 lower-case hex digits.</summary>
    public required string Hash { get; init; }

    /// <summary>enroll, read, run, agent or admin.</summary>
    public required string Scope { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Takes an API token's rights away, for good.</summary>
[Message("revoke-api-token", Addresses.StateStore, Identity = "TokenId")]
public sealed record RevokeApiToken(Guid TokenId) : IRequest<CommandAnswered>;

/// <summary>
/// Turns an enrolment code into the API token of an agent: the code is used up, and a token of scope agent with the code's name is made known,
/// both or neither. A repeat with the same hash changes nothing.
/// </summary>
/// <param name="CodeId">The code: an API token of scope enroll.</param>
/// <param name="TokenId">The id of the agent's token.</param>
/// <param name="TokenHash">The SHA-256 of the agent's token, 64 lower-case hex digits; nobody but the agent has the token.</param>
[Message("enroll-agent", Addresses.StateStore, Identity = "CodeId, TokenHash")]
public sealed record EnrollAgent(Guid CodeId, Guid TokenId, string TokenHash) : IRequest<CommandAnswered>;
