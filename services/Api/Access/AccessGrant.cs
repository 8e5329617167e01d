using Holoflow.ApiModel.Tokens;
using Stored = Holoflow.Persistence.Model.ApiTokenRow;

namespace Holoflow.Api.Access;

/// <summary>What the holder of an API token may do, for as long as the token is taken.</summary>
sealed class AccessGrant(Stored token)
{
    readonly CancellationTokenSource _ended = new();

    public Stored Token { get; } = token;

    public TokenScope Scope { get; } = Enum.Parse<TokenScope>(token.Scope, ignoreCase: true);

    /// <summary>Cancelled when the token is revoked or expires: streams that it opened end.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Why the token is not taken at an instant; null: it is.</summary>
    public static string? Refusal(Stored token, DateTimeOffset now) => token switch
    {
        { RevokedAt: not null, Scope: "enroll" } => $"the enrolment code of '{token.Name}' was used already, or revoked: an administrator makes another one with 'holoflow agent invite'",
        { ExpiresAt: { } expires, Scope: "enroll" } when expires <= now => $"the enrolment code of '{token.Name}' has expired on {expires:yyyy-MM-dd HH:mm:ss}Z: an administrator makes another one with 'holoflow agent invite'",
        { RevokedAt: not null } => $"the API token '{token.Name}' was revoked",
        { ExpiresAt: { } expires } when expires <= now => $"the API token '{token.Name}' has expired on {expires:yyyy-MM-dd HH:mm:ss}Z: make a new one with 'holoflow token create'",
        _ => null,
    };

    public void End() => _ended.Cancel();
}
