using System.Net.Mail;
using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Outbox;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;

namespace Holoflow.StateStore.Notifications;

/// <summary>Creates, changes and removes the rules by which people and systems are told of runs.</summary>
sealed class NotificationHandlers(OutboxRelay outbox)
{
    const int LongestTemplate = 100_000;
    const int LongestAddress = 2000;
    const double LongestSpan = 10 * 365.25 * 86_400;
    const string Find = "SELECT id, revision FROM notification_rules WHERE name = $1";
    const string Upsert = """
        INSERT INTO notification_rules (id, name, states, flows, tags, longer_than, target, address, template, secret, active, revision, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
        ON CONFLICT (name) DO UPDATE SET states = excluded.states, flows = excluded.flows, tags = excluded.tags, longer_than = excluded.longer_than, target = excluded.target,
        address = excluded.address, template = excluded.template, secret = excluded.secret, active = excluded.active, revision = excluded.revision, updated_at = excluded.updated_at
        """;

    const string DeleteRule = "DELETE FROM notification_rules WHERE id = $1";
    const string DeleteDeliveries = "DELETE FROM notification_deliveries WHERE rule_id = $1";
    const string InsertTrial = """
        INSERT INTO notification_deliveries (id, rule_id, content, created_at, attempts, next_at) VALUES ($1, $2, $3, $4, 0, $4) ON CONFLICT DO NOTHING
        """;

    static readonly string[] NamesWithin = ["Late", "AwaitingRetry", "Retrying", "TimedOut", "Skipped"];

    public static CommandAnswered? Check(DefineNotification message) =>
        SubmittedText.Name(message.Name, "name")
        ?? (message.States.Count == 0 ? Refused("states", "name at least one state, such as Failed") : null)
        ?? (message.States.FirstOrDefault(s => !IsState(s)) is { } unknown ? Refused("states", $"'{unknown}' is no state: {string.Join(", ", Enum.GetNames<RunStateType>().Concat(NamesWithin))}") : null)
        ?? message.Flows.Select(f => SubmittedText.Name(f, "flows")).FirstOrDefault(r => r is not null)
        ?? SubmittedText.Tags(message.Tags, "tags")
        ?? (message.LongerThanSeconds is { } span && !(span is > 0 and <= LongestSpan) ? Refused("longerThanSeconds", "must be more than 0 seconds, and at most ten years") : null)
        ?? (message.LongerThanSeconds is not null && message.States.FirstOrDefault(IsEnd) is { } end ? Refused("longerThanSeconds", $"'{end}' is the end of a run: it lasts for ever; leave the time out, or name a state such as Running") : null)
        ?? CheckTarget(message)
        ?? (message.Template is { Length: > LongestTemplate } ? Refused("template", $"has more than {LongestTemplate} characters") : null)
        ?? (message.Secret is { } secret && !IsPlainName(secret) ? Refused("secret", "must be the name of a file in the directory of secrets, not a path and not the secret itself") : null);

    public CommandAnswered Define(WriteSession session, DefineNotification message, DateTimeOffset now)
    {
        var (id, revision) = Load(session, message.Name) ?? (Guid.CreateVersion7(now), 0);
        session.Post(
            Upsert,
            id,
            message.Name,
            StoreFormat.Tags(message.States),
            StoreFormat.Tags(message.Flows),
            StoreFormat.Tags(message.Tags),
            message.LongerThanSeconds is { } span ? (long)(span * 1_000_000) : null,
            message.Target,
            message.Address,
            message.Template,
            message.Secret,
            message.Active,
            revision + 1,
            now);
        outbox.Add(session, new DefinitionChanged("notification", id, message.Name, revision + 1));
        return new CommandAnswered(CommandOutcome.Accepted, null, id, revision + 1);
    }

    public CommandAnswered Delete(WriteSession session, DeleteNotification message)
    {
        if (Load(session, message.Name) is not var (id, revision))
            return NotFound(message.Name);
        session.Post(DeleteDeliveries, id);
        session.Post(DeleteRule, id);
        outbox.Add(session, new DefinitionChanged("notification", id, message.Name, revision + 1));
        return new CommandAnswered(CommandOutcome.Accepted, null, id, revision + 1);
    }

    public CommandAnswered Test(WriteSession session, TestNotification message, DateTimeOffset now)
    {
        if (Load(session, message.Name) is not var (id, revision))
            return NotFound(message.Name);
        session.Post(InsertTrial, message.DeliveryId, id, "{}", now);
        outbox.Add(session, new DefinitionChanged("notification", id, message.Name, revision));
        return new CommandAnswered(CommandOutcome.Accepted, null, message.DeliveryId, revision);
    }

    static (Guid Id, long Revision)? Load(WriteSession session, string name)
    {
        using var rows = session.QueryLocking(Find, name);
        return rows.Next() ? (rows.Id(0), rows.Long(1)) : null;
    }

    static CommandAnswered? CheckTarget(DefineNotification message) => message switch
    {
        { Address.Length: 0 or > LongestAddress } => Refused("address", $"must have 1 to {LongestAddress} characters"),
        { Target: "webhook" } => Uri.TryCreate(message.Address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            ? null
            : Refused("address", "must be a web address such as https://chat.example.org/hooks/1, without a user or password in it"),
        { Target: "email" } => message.Address.Split(',', StringSplitOptions.TrimEntries).All(a => MailAddress.TryCreate(a, out var parsed) && parsed.Address == a)
            ? null
            : Refused("address", "must be one or more e-mail addresses, separated by commas"),
        { Target: "events" } => message.Address.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':') ? null : Refused("address", "must be the name of an exchange: letters, digits and - _ . :"),
        _ => Refused("target", $"'{message.Target}' is no target: webhook, email or events"),
    };

    static bool IsState(string text) => Enum.GetNames<RunStateType>().Concat(NamesWithin).Contains(text, StringComparer.OrdinalIgnoreCase);

    static bool IsEnd(string text) => Enum.TryParse<RunStateType>(text, ignoreCase: true, out var type) ? type.IsFinal() : text is "TimedOut" or "Skipped";

    static bool IsPlainName(string name) => name.Length is > 0 and <= 100 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    static CommandAnswered Refused(string field, string reason) => new(CommandOutcome.Refused, reason) { Field = field };

    static CommandAnswered NotFound(string name) => new(CommandOutcome.NotFound, $"there is no notification '{name}'") { Field = "name" };
}
