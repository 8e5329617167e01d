using Holoflow.Contracts;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Access;

/// <summary>API tokens and their rows.</summary>
static class ApiTokenTable
{
    const string ByHash = "SELECT 1 FROM api_tokens WHERE hash = $1";
    const string LiveByName = "SELECT 1 FROM api_tokens WHERE name = $1 AND revoked_at IS NULL";
    const string NameOf = "SELECT name FROM api_tokens WHERE id = $1";
    const string InsertRow = "INSERT INTO api_tokens (id, name, hash, scope, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    const string MarkRevoked = "UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    const string MarkUsed = "UPDATE api_tokens SET revoked_at = $3 WHERE id = $1 AND scope = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)";

    public static bool IsKnown(WriteSession session, string hash) => session.Number(ByHash, hash) is not null;

    public static bool IsNameTaken(WriteSession session, string name) => session.Number(LiveByName, name) is not null;

    public static string? Name(WriteSession session, Guid id) => session.Text(NameOf, id);

    public static void Insert(WriteSession session, DefineApiToken token, DateTimeOffset now) =>
        session.Execute(InsertRow, token.TokenId, token.Name, token.Hash, token.Scope, now, token.ExpiresAt);

    /// <returns>False where it was revoked already.</returns>
    public static bool Revoke(WriteSession session, Guid id, DateTimeOffset now) => session.Execute(MarkRevoked, id, now) == 1;

    /// <returns>False where it has another scope, was used or revoked already, or has expired.</returns>
    public static bool UseUp(WriteSession session, Guid id, string scope, DateTimeOffset now) => session.Execute(MarkUsed, id, scope, now) == 1;
}
