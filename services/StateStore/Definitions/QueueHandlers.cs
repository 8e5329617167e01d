using Holoflow.Contracts;
using Holoflow.Outbox;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;

namespace Holoflow.StateStore.Definitions;

/// <summary>Creates, changes and removes work queues.</summary>
sealed class QueueHandlers(OutboxRelay outbox)
{
    const string Deployment = "SELECT flow_name || '/' || name FROM deployments WHERE queue = $1 ORDER BY 1 LIMIT 1";
    const string Waiting = "SELECT COUNT(*) FROM flow_runs WHERE queue = $1 AND state_type IN ('Scheduled', 'Pending', 'Running', 'Paused', 'Cancelling')";
    const string DeleteRow = "DELETE FROM work_queues WHERE name = $1";

    public static CommandAnswered? Check(DefineQueue message) =>
        SubmittedText.Name(message.Name, "name")
        ?? (message.ConcurrencyLimit < 1 ? new CommandAnswered(CommandOutcome.Refused, "the concurrency limit must be at least 1; to hold a queue back, pause it") { Field = "concurrencyLimit" } : null)
        ?? (message is { ConcurrencyLimit: not null, ClearConcurrencyLimit: true } ? new CommandAnswered(CommandOutcome.Refused, "the concurrency limit is both set and cleared: choose one") { Field = "clearConcurrencyLimit" } : null);

    public CommandAnswered Define(WriteSession session, DefineQueue message, DateTimeOffset now)
    {
        var old = QueueTable.Load(session, message.Name);
        if (old is not null && message.CreateOnly)
            return new CommandAnswered(CommandOutcome.Refused, $"work queue '{message.Name}' exists already", null, old.Revision) { Field = "name" };
        var queue = new QueueRecord(
            message.Name,
            message.Description ?? old?.Description,
            message.Paused ?? old?.Paused ?? false,
            message.ClearConcurrencyLimit ? null : message.ConcurrencyLimit ?? old?.ConcurrencyLimit,
            message.Priority ?? old?.Priority ?? 0,
            old?.Revision ?? 0);
        if (queue == old)
            return new CommandAnswered(CommandOutcome.Ignored, "nothing changed", null, old.Revision);
        queue = queue with { Revision = queue.Revision + 1 };
        if (old is null)
            QueueTable.Insert(session, queue, now);
        else
            QueueTable.Save(session, queue, now);
        outbox.Add(session, new DefinitionChanged("queue", null, queue.Name, queue.Revision));
        return new CommandAnswered(CommandOutcome.Accepted, null, null, queue.Revision);
    }

    public CommandAnswered Delete(WriteSession session, DeleteQueue message)
    {
        if (QueueTable.Load(session, message.Name) is not { } queue)
            return new CommandAnswered(CommandOutcome.NotFound, $"there is no work queue '{message.Name}'") { Field = "name" };
        if (message.Name == QueueTable.Default)
            return Refused("the work queue 'default' stays: deployments that name no queue use it");
        if (session.Text(Deployment, message.Name) is { } user)
            return Refused($"deployment '{user}' uses work queue '{message.Name}': give it another queue first");
        if (session.Number(Waiting, message.Name) is > 0 and var open)
            return Refused($"{open} runs of work queue '{message.Name}' have not ended: wait for them, or cancel them");
        session.Execute(DeleteRow, message.Name);
        outbox.Add(session, new DefinitionChanged("queue", null, message.Name, queue.Revision + 1));
        return new CommandAnswered(CommandOutcome.Accepted, null, null, queue.Revision + 1);

        CommandAnswered Refused(string reason) => new(CommandOutcome.Refused, reason, null, queue.Revision) { Field = "name" };
    }
}
