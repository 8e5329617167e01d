using Holoflow.Contracts;
using Holoflow.Outbox;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;
using Holoflow.StateStore.Slots;

namespace Holoflow.StateStore.Definitions;

/// <summary>Creates, changes and removes concurrency limits; whoever waits for a slot and may have one now, gets it with the change.</summary>
sealed class ConcurrencyLimitHandlers(OutboxRelay outbox)
{
    const string Load = "SELECT slots, revision FROM concurrency_limits WHERE name = $1";
    const string Save = """
        INSERT INTO concurrency_limits (name, slots, revision, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
        ON CONFLICT (name) DO UPDATE SET slots = excluded.slots, revision = excluded.revision, updated_at = excluded.updated_at
        """;

    const string Waiting = "SELECT request FROM slot_waits WHERE limit_name = $1 ORDER BY asked_at, request";
    const string DeleteRow = "DELETE FROM concurrency_limits WHERE name = $1";

    public static CommandAnswered? Check(SetConcurrencyLimit message) =>
        SubmittedText.Name(message.Tag, "tag")
        ?? (message.Slots < 0 ? new CommandAnswered(CommandOutcome.Refused, "a limit is 0 or more at a time") { Field = "slots" } : null);

    public CommandAnswered Set(WriteSession session, SetConcurrencyLimit message, DateTimeOffset now)
    {
        var old = Find(session, message.Tag);
        if (old?.Slots == message.Slots)
            return new CommandAnswered(CommandOutcome.Ignored, "nothing changed", null, old.Value.Revision);
        var revision = (old?.Revision ?? 0) + 1;
        session.Post(Save, message.Tag, message.Slots, revision, now);
        var change = new SlotChange(session, outbox, now);
        change.Changed(message.Tag);
        change.Finish();
        outbox.Add(session, new DefinitionChanged("concurrency-limit", null, message.Tag, revision));
        return new CommandAnswered(CommandOutcome.Accepted, null, null, revision);
    }

    public CommandAnswered Delete(WriteSession session, DeleteConcurrencyLimit message, DateTimeOffset now)
    {
        if (Find(session, message.Tag) is not { } limit)
            return new CommandAnswered(CommandOutcome.NotFound, $"there is no concurrency limit of tag '{message.Tag}'") { Field = "tag" };
        var waiting = ReadWaiting(session, message.Tag);
        session.Post(DeleteRow, message.Tag);
        var change = new SlotChange(session, outbox, now);
        waiting.ForEach(change.Reconsider);
        change.Finish();
        outbox.Add(session, new DefinitionChanged("concurrency-limit", null, message.Tag, limit.Revision + 1));
        return new CommandAnswered(CommandOutcome.Accepted, null, null, limit.Revision + 1);
    }

    static List<Guid> ReadWaiting(WriteSession session, string tag)
    {
        return session.Query(Waiting, tag).ReadAll(rows => rows.Id(0));
    }

    static (int Slots, long Revision)? Find(WriteSession session, string tag)
    {
        using var rows = session.QueryLocking(Load, tag);
        return rows.Next() ? (rows.Int(0), rows.Long(1)) : null;
    }
}
