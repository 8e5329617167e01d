using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;

namespace Holoflow.StateStore.Notifications;

/// <summary>
/// Remembers each change of a run's state, in its transaction, for whoever decides who is told of it; nothing where nobody wants to be told. No question is
/// asked for it: the statement travels with the change.
/// </summary>
static class NotificationEvents
{
    const string Insert = """
        INSERT INTO notification_events (run_id, version) SELECT $1, $2 WHERE EXISTS (SELECT 1 FROM notification_rules)
        ON CONFLICT DO NOTHING
        """;

    public static void Add(WriteSession session, FlowRunRecord record)
    {
        if (record.ParentRunId is null)
            session.Post(Insert, record.Run.Id, record.Run.Version);
    }
}
