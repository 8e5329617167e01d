using Holoflow.Domain.Leases;
using static Holoflow.Domain.FlowRuns.FlowRunCommand;
using static Holoflow.Domain.FlowRuns.FlowRunEffect;
using static Holoflow.Domain.FlowRuns.RunStateType;

namespace Holoflow.Domain.FlowRuns;

/// <summary>The flow-run machine. Its table and diagram are generated from it and kept beside it.</summary>
public static class FlowRunMachine
{
    /// <summary>What becomes of <paramref name="run"/> when <paramref name="command"/> is asked of it.</summary>
    public static Decision Decide(FlowRun run, FlowRunCommand command, DateTimeOffset now) => (command, run.State.Type) switch
    {
        (Claim c, _) when run.Lease is { } held => held.AgentId == c.AgentId && held.OfferId == c.OfferId
            ? new Decision.Ignore("this offer holds the run already") : new Decision.Refuse($"the run is held by agent '{held.AgentId}'"),
        (Claim, Scheduled) when run.DueAt > now => new Decision.Refuse($"the run is due at {run.DueAt:O}"),
        (Claim c, Scheduled) => Grant(run, c, now),

        (Start or GiveBack or Finish or ExpireLease, _) when EpochOf(command) < run.Epoch => new Decision.Refuse($"epoch {EpochOf(command)} is fenced by epoch {run.Epoch}"),
        (Start or GiveBack or Finish or ExpireLease, _) when EpochOf(command) > run.Epoch => new Decision.Refuse($"epoch {EpochOf(command)} was never granted"),
        (Start or GiveBack or Finish or ExpireLease, _) when run.Lease is null => new Decision.Ignore($"epoch {run.Epoch} has ended: the run is {run.State.Name}"),
        (Start, Pending) => To(run, Running, now, name: run.RunCount > 1 ? StateNames.Retrying : null),
        (Start, _) => new Decision.Ignore($"the run is {run.State.Name} already"),
        (GiveBack g, Pending) => Again(run, now, now, null, g.Reason),
        (GiveBack, Cancelling) => End(run, Cancelled, now, null, "cancelled before it started"),
        (GiveBack, _) => new Decision.Refuse("the run was started: report how it ended"),
        (Finish f, _) => Ended(run, f, now),
        (ExpireLease, _) when !run.Lease!.IsExpired(now) => new Decision.Ignore($"the lease holds until {run.Lease.ExpiresAt:O}"),
        (ExpireLease, Pending) => Again(run, now, now, null, $"agent '{run.Lease!.AgentId}' claimed the run and did not start it"),
        (ExpireLease, _) => Crash(run, now, $"agent '{run.Lease!.AgentId}' stopped renewing its lease{(run.State.Type == Cancelling ? "; the cancellation is not confirmed" : "")}"),

        (Cancel c, Scheduled or Paused) when run.Lease is null => End(run, Cancelled, now, null, c.Reason),
        (Cancel c, Pending or Running or Paused) => To(run, Cancelling, now, message: c.Reason, effect: new TellAgentToCancel(run.Lease!.AgentId, run.Epoch)),
        (Cancel, Cancelling or Cancelled) => new Decision.Ignore($"the run is {run.State.Name} already"),

        (Pause p, Scheduled) => To(run, Paused, now, message: p.Reason),
        (Pause p, Running) => To(run, Paused, now, message: p.Reason, effect: new TellAgentToPause(run.Lease!.AgentId, run.Epoch)),
        (Pause, Pending) => new Decision.Refuse("the run is starting: pause it when it runs, or cancel it"),
        (Pause, Paused) => new Decision.Ignore("the run is Paused already"),
        (Resume, Paused) when run.Lease is null => To(run, Scheduled, now),
        (Resume, Paused) => To(run, Running, now, effect: new TellAgentToResume(run.Lease!.AgentId, run.Epoch)),
        (Resume, Scheduled or Pending or Running) => new Decision.Ignore($"the run is {run.State.Name}, not Paused"),

        (Rerun r, Failed or Crashed or Cancelled) => Again(run with { RetriesUsed = 0, CrashesUsed = 0, ExpiresAt = null }, now, now, StateNames.AwaitingRetry, r.Reason ?? "asked for again"),
        (Rerun, Completed) => new Decision.Refuse("the run is Completed: there is nothing to retry; submit a new run"),
        (Rerun, _) => new Decision.Ignore($"the run is {run.State.Name}: it has not ended"),

        (MarkLate m, Scheduled) when run.DueAt + m.Grace > now => new Decision.Ignore("the run is not late"),
        (MarkLate, Scheduled) when run.State.Name == StateNames.Late => new Decision.Ignore("the run is Late already"),
        (MarkLate, Scheduled) => To(run, Scheduled, now, StateNames.Late, $"due at {run.DueAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"),
        (ExpireLate, Scheduled) when run.ExpiresAt is null || run.ExpiresAt > now => new Decision.Ignore("the run has not expired"),
        (ExpireLate, Scheduled) => End(run, Cancelled, now, StateNames.Skipped, $"not started before {run.ExpiresAt:O}"),
        (MarkLate or ExpireLate, _) => new Decision.Ignore($"the run is {run.State.Name}: it does not wait"),

        _ => new Decision.Refuse($"the run is {run.State.Name}"),
    };

    static long EpochOf(FlowRunCommand command) => command switch
    {
        Start s => s.Epoch,
        GiveBack g => g.Epoch,
        Finish f => f.Epoch,
        ExpireLease e => e.Epoch,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "carries no epoch"),
    };

    static Decision.Accept Grant(FlowRun run, Claim claim, DateTimeOffset now)
    {
        var lease = new Lease(claim.AgentId, claim.OfferId, run.Epoch + 1, now + claim.LeaseDuration);
        return To(run with { Epoch = lease.Epoch, Lease = lease, RunCount = run.RunCount + 1 }, Pending, now);
    }

    // Work that finished before the cancellation reached it is told as it ended: nothing was undone.
    static Decision Ended(FlowRun run, Finish finish, DateTimeOffset now) => (finish.Outcome, run.State.Type) switch
    {
        (RunOutcome.Completed, Cancelling) => End(run, Completed, now, finish.Name, finish.Message ?? "completed before the cancellation reached it"),
        (RunOutcome.Completed, _) => End(run, Completed, now, finish.Name, finish.Message),
        (RunOutcome.Failed or RunOutcome.Crashed or RunOutcome.Cancelled, Cancelling) => End(run, Cancelled, now, null, run.State.Message ?? finish.Message),
        (RunOutcome.Cancelled, _) => End(run, Cancelled, now, finish.Name, finish.Message),
        (RunOutcome.Failed, _) when run.RetriesUsed < run.Retry.MaxRetries =>
            Again(run with { RetriesUsed = run.RetriesUsed + 1 }, now, now + run.Retry.Delay, StateNames.AwaitingRetry, finish.Message),
        (RunOutcome.Failed, _) => End(run, Failed, now, finish.Name, finish.Message),
        _ => Crash(run, now, finish.Message ?? "the process ended without saying how", finish.Name),
    };

    static Decision.Accept Crash(FlowRun run, DateTimeOffset now, string message, string? name = null) =>
        run.State.Type != Cancelling && run.CrashesUsed < run.OnCrash.MaxReschedules
            ? Again(run with { CrashesUsed = run.CrashesUsed + 1 }, now, now, StateNames.AwaitingRetry, message)
            : End(run, Crashed, now, name, message);

    static Decision.Accept Again(FlowRun run, DateTimeOffset now, DateTimeOffset dueAt, string? name, string? message) =>
        new(
            run with { State = RunState.Of(Scheduled, now, name, message), Version = run.Version + 1, DueAt = dueAt, Lease = null },
            run.Lease is null ? [] : [new ReleaseSlots(), new EndOpenChildren(Crashed, message ?? "the flow run starts again")]);

    static Decision.Accept End(FlowRun run, RunStateType type, DateTimeOffset now, string? name, string? message) =>
        new(
            run with { State = RunState.Of(type, now, name, message), Version = run.Version + 1, Lease = null },
            run.Lease is null ? [] : [new ReleaseSlots(), new EndOpenChildren(type == Cancelled ? Cancelled : Crashed, $"the flow run is {type}")]);

    static Decision.Accept To(FlowRun run, RunStateType type, DateTimeOffset now, string? name = null, string? message = null, FlowRunEffect? effect = null) =>
        new(run with { State = RunState.Of(type, now, name, message), Version = run.Version + 1 }, effect is null ? [] : [effect]);
}
