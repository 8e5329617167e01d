using Holoflow.Persistence;
using Holoflow.Persistence.Model;

namespace Holoflow.ReadModel.Access;

/// <summary>API tokens, by their hashes.</summary>
public sealed class ApiTokens(Database database)
{
    const string Every = "SELECT id, name, hash, scope, created_at, expires_at, revoked_at FROM api_tokens ORDER BY created_at DESC, id DESC";

    /// <summary>All tokens, revoked and expired ones too, the newest first.</summary>
    public async Task<IReadOnlyList<ApiTokenRow>> All(CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return session.Query(Every).ReadAll(rows => new ApiTokenRow
        {
            Id = rows.Id(0),
            Name = rows.Text(1),
            Hash = rows.Text(2),
            Scope = rows.Text(3),
            CreatedAt = rows.Instant(4),
            ExpiresAt = rows.InstantOrNull(5),
            RevokedAt = rows.InstantOrNull(6),
        });
    }
}
