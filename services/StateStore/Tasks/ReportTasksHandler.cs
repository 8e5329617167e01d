using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Outbox;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;
using Holoflow.StateStore.Slots;
using Microsoft.Extensions.Logging;

namespace Holoflow.StateStore.Tasks;

/// <summary>Applies what a flow process wrote into its journal, each entry once. The answer's version is the sequence that is stored.</summary>
sealed class ReportTasksHandler(RunTransitions transitions, OutboxRelay outbox, ILogger logger)
{
    const string SaveThrough = "UPDATE flow_runs SET events_through = $2 WHERE id = $1";

    public CommandAnswered Handle(WriteSession session, ReportTasks message, DateTimeOffset now)
    {
        if (FlowRunTable.Load(session, message.RunId) is not { ParentRunId: null } root)
            return new CommandAnswered(CommandOutcome.NotFound, $"there is no run {message.RunId}");
        var run = root.Run;
        if (message.Epoch != run.Epoch)
            return new CommandAnswered(CommandOutcome.Refused, $"epoch {message.Epoch} is fenced by epoch {run.Epoch}", run.Id, root.EventsThrough);
        if (message.After > root.EventsThrough)
        {
            return new CommandAnswered(
                CommandOutcome.Refused, $"entries up to {root.EventsThrough} are stored, but these follow {message.After}: send those between first", run.Id, root.EventsThrough);
        }

        // The job that the run itself is: told by its agent, before there is a journal.
        var own = message.Events.Where(e => e is { Sequence: 0, Kind: RunEventKind.AllocationChanged, Allocation: not null }).ToList();
        foreach (var entry in own)
            AllocationTable.Save(session, run.Id, entry.Allocation!, entry.At);
        var news = message.Events.Where(e => e.Sequence > root.EventsThrough).OrderBy(e => e.Sequence).ToList();
        if (news.Count == 0 && own.Count > 0)
        {
            outbox.Add(session, new TaskRunsChanged(run.Id, root.EventsThrough));
            return new CommandAnswered(CommandOutcome.Accepted, null, run.Id, root.EventsThrough);
        }

        if (news.Count == 0)
            return new CommandAnswered(CommandOutcome.Ignored, "these entries are stored already", run.Id, root.EventsThrough);
        var through = news[^1].Sequence;
        var batch = new RunEventBatch(session, root, new SlotChange(session, outbox, now), nested => transitions.Announce(session, nested));
        batch.Apply(news);
        session.Post(SaveThrough, run.Id, through);
        if (run.Lease is null)
            CloseAgain(session, root with { EventsThrough = through }, now);
        outbox.Add(session, new TaskRunsChanged(run.Id, through));
        if (batch.Dropped > 0)
            Log.EntriesDropped(logger, run.Id, batch.Dropped, batch.FirstDropped!);
        return new CommandAnswered(CommandOutcome.Accepted, batch.FirstDropped is { } first ? $"{batch.Dropped} entries were dropped; {first}" : null, run.Id, through);
    }

    // The lease expired before these arrived. They are told as they were, but nothing of an ended run stays open.
    void CloseAgain(WriteSession session, FlowRunRecord root, DateTimeOffset now)
    {
        var state = root.Run.State;
        var type = state.Type == RunStateType.Cancelled ? RunStateType.Cancelled : RunStateType.Crashed;
        foreach (var nested in OpenChildren.End(session, root.Run.Id, root.EventsThrough, type, $"the flow run is {state.Name}", now))
            transitions.Announce(session, nested);
    }
}
