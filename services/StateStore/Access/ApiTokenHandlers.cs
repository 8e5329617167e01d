using Holoflow.Contracts;
using Holoflow.Outbox;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;

namespace Holoflow.StateStore.Access;

/// <summary>Makes API tokens known, and takes their rights away.</summary>
sealed class ApiTokenHandlers(OutboxRelay outbox)
{
    const int HashDigits = 64;

    public static CommandAnswered? Check(DefineApiToken message) =>
        SubmittedText.Name(message.Name, "name")
        ?? (message.Scope is not ("read" or "run" or "agent" or "admin") ? new CommandAnswered(CommandOutcome.Refused, $"'{message.Scope}' is no scope: read, run, agent or admin") { Field = "scope" } : null)
        ?? (message.Hash.Length != HashDigits || !message.Hash.All(char.IsAsciiHexDigitLower) ? new CommandAnswered(CommandOutcome.Refused, "the hash must be the 64 lower-case hex digits of a SHA-256") { Field = "hash" } : null);

    public CommandAnswered Define(WriteSession session, DefineApiToken message, DateTimeOffset now)
    {
        if (ApiTokenTable.IsKnown(session, message.Hash))
            return new CommandAnswered(CommandOutcome.Ignored, "the token is known already", message.TokenId);
        if (ApiTokenTable.IsNameTaken(session, message.Name))
            return new CommandAnswered(CommandOutcome.Refused, $"there is an API token '{message.Name}' already: choose another name, or revoke that one first") { Field = "name" };
        ApiTokenTable.Insert(session, message, now);
        outbox.Add(session, new DefinitionChanged(DefinitionChanged.ApiToken, message.TokenId, message.Name, 1));
        return new CommandAnswered(CommandOutcome.Accepted, null, message.TokenId);
    }

    public CommandAnswered Revoke(WriteSession session, RevokeApiToken message, DateTimeOffset now)
    {
        if (ApiTokenTable.Name(session, message.TokenId) is not { } name)
            return new CommandAnswered(CommandOutcome.NotFound, $"there is no API token {message.TokenId}");
        if (!ApiTokenTable.Revoke(session, message.TokenId, now))
            return new CommandAnswered(CommandOutcome.Ignored, $"the API token '{name}' was revoked already", message.TokenId);
        outbox.Add(session, new DefinitionChanged(DefinitionChanged.ApiToken, message.TokenId, name, 2));
        return new CommandAnswered(CommandOutcome.Accepted, null, message.TokenId);
    }
}
