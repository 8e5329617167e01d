using Holoflow.Contracts;
using Holoflow.Outbox;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;

namespace Holoflow.StateStore.Access;

/// <summary>Makes API tokens known, and takes their rights away.</summary>
sealed class ApiTokenHandlers(OutboxRelay outbox)
{
    const int HashDigits = 64;
    const string EnrollScope = "enroll";
    const string AgentScope = "agent";

    public static CommandAnswered? Check(DefineApiToken message) =>
        SubmittedText.Name(message.Name, "name")
        ?? (message.Scope is not (EnrollScope or "read" or "run" or AgentScope or "admin") ? new CommandAnswered(CommandOutcome.Refused, $"'{message.Scope}' is no scope: enroll, read, run, agent or admin") { Field = "scope" } : null)
        ?? CheckHash(message.Hash, "hash");

    public static CommandAnswered? Check(EnrollAgent message) => CheckHash(message.TokenHash, "tokenHash");

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

    public CommandAnswered Enroll(WriteSession session, EnrollAgent message, DateTimeOffset now)
    {
        if (ApiTokenTable.IsKnown(session, message.TokenHash))
            return new CommandAnswered(CommandOutcome.Ignored, "the agent is enrolled already", message.TokenId);
        if (ApiTokenTable.Name(session, message.CodeId) is not { } name)
            return new CommandAnswered(CommandOutcome.NotFound, $"there is no enrolment code {message.CodeId}");
        // Of two that come with one code, the row lets one through.
        if (!ApiTokenTable.UseUp(session, message.CodeId, EnrollScope, now))
            return new CommandAnswered(CommandOutcome.Refused, $"the enrolment code of '{name}' was used, was revoked or has expired: make another one with 'holoflow agent invite'");
        ApiTokenTable.Insert(session, new DefineApiToken { TokenId = message.TokenId, Name = name, Hash = message.TokenHash, Scope = AgentScope }, now);
        outbox.Add(session, new DefinitionChanged(DefinitionChanged.ApiToken, message.CodeId, name, 2));
        outbox.Add(session, new DefinitionChanged(DefinitionChanged.ApiToken, message.TokenId, name, 1));
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

    static CommandAnswered? CheckHash(string hash, string field) =>
        hash.Length != HashDigits || !hash.All(char.IsAsciiHexDigitLower) ? new CommandAnswered(CommandOutcome.Refused, "the hash must be the 64 lower-case hex digits of a SHA-256") { Field = field } : null;
}
