using System.Text.Json.Serialization;

namespace Holoflow.ApiModel.Tokens;

/// <summary>What an API token allows; each allows what those before it do, but for enrolment.</summary>
public enum TokenScope
{
    /// <summary>Enrol one agent, once: a code that is used up by it, and nothing else.</summary>
    Enroll,

    /// <summary>Look at everything.</summary>
    Read,

    /// <summary>Start runs of deployments; cancel, pause, resume and retry runs.</summary>
    Run,

    /// <summary>Take runs and report them, as agents do.</summary>
    Agent,

    /// <summary>Everything: deployments, queues, runs of any program, API tokens.</summary>
    Admin,
}

/// <summary>An API token. The token itself is nowhere kept: it is shown once, when it is made.</summary>
public sealed record ApiTokenRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required TokenScope Scope { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>True where it is taken now.</summary>
    public bool Live { get; init; }
}

/// <summary>Makes an API token.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateApiToken
{
    /// <summary>For people; unique among those that are not revoked.</summary>
    public required string Name { get; init; }

    public required TokenScope Scope { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An API token that was made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Scope">What it allows.</param>
/// <param name="ExpiresAt">When it is taken no longer; null: never.</param>
/// <param name="Token">The token itself: it cannot be shown again.</param>
public sealed record ApiTokenCreated(Guid Id, string Name, TokenScope Scope, DateTimeOffset? ExpiresAt, string Token);
