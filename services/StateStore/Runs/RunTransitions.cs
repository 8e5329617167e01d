using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Outbox;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Notifications;
using Holoflow.StateStore.Slots;
using Holoflow.StateStore.Tasks;

namespace Holoflow.StateStore.Runs;

/// <summary>Asks the machine, and writes what it accepts: the row, the history, the effects and the events, in one transaction.</summary>
sealed class RunTransitions(OutboxRelay outbox)
{
    /// <summary>What the machine says to <paramref name="command"/>; carried out where it accepts.</summary>
    public Decision Apply(WriteSession session, FlowRunRecord record, FlowRunCommand command, DateTimeOffset now)
    {
        var decision = FlowRunMachine.Decide(record.Run, command, now);
        if (decision is Decision.Accept accept)
            Save(session, record, accept, now);
        return decision;
    }

    /// <summary>Loads the run and applies the command; null where there is no such run.</summary>
    public Decision? Apply(WriteSession session, Guid runId, FlowRunCommand command, DateTimeOffset now) =>
        FlowRunTable.Load(session, runId) is { } record ? Apply(session, record, command, now) : null;

    /// <summary>Tells of the state that a run is in now.</summary>
    public void Announce(WriteSession session, FlowRunRecord record) => outbox.Add(session, new RunStateChanged
    {
        RunId = record.Run.Id,
        Version = record.Run.Version,
        RunName = record.Name,
        FlowName = record.FlowName,
        DeploymentId = record.DeploymentId,
        ParentRunId = record.ParentRunId,
        Queue = record.Queue,
        StateType = FlowRunTable.Text(record.Run.State.Type),
        StateName = record.Run.State.Name,
        Message = record.Run.State.Message,
        At = record.Run.State.At,
    });

    void Save(WriteSession session, FlowRunRecord record, Decision.Accept accept, DateTimeOffset now)
    {
        var next = record with
        {
            Run = accept.Next,
            StartedAt = record.StartedAt ?? (accept.Next.State.Type == RunStateType.Running ? now : null),
        };
        FlowRunTable.Save(session, record, next);
        Announce(session, next);
        NotificationEvents.Add(session, next);
        foreach (var effect in accept.Effects)
            CarryOut(session, next, effect, now);
    }

    void CarryOut(WriteSession session, FlowRunRecord record, FlowRunEffect effect, DateTimeOffset now)
    {
        switch (effect)
        {
            case FlowRunEffect.TellAgentToCancel tell:
                Tell(tell.AgentId, tell.Epoch, WantedOfRun.Cancel);
                break;
            case FlowRunEffect.TellAgentToPause tell:
                Tell(tell.AgentId, tell.Epoch, WantedOfRun.Pause);
                break;
            case FlowRunEffect.TellAgentToResume tell:
                Tell(tell.AgentId, tell.Epoch, WantedOfRun.Run);
                break;
            case FlowRunEffect.EndOpenChildren end:
                foreach (var nested in OpenChildren.End(session, record.Run.Id, record.EventsThrough, end.As, end.Reason, now))
                    Announce(session, nested);
                break;
            case FlowRunEffect.ReleaseSlots when record.UsesSlots:
                var change = new SlotChange(session, outbox, now);
                change.GiveBackAll(record.Run.Id);
                change.Finish();
                break;
            case FlowRunEffect.ReleaseSlots:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(effect), effect, "is no effect that the store knows");
        }

        void Tell(string agent, long epoch, WantedOfRun wanted) =>
            outbox.Add(session, new RunControl(agent, record.Run.Id, epoch, wanted, record.Run.State.Message));
    }
}
