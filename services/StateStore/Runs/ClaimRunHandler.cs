using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Definitions;
using Holoflow.StateStore.Slots;

namespace Holoflow.StateStore.Runs;

/// <summary>Grants a run to the first agent that asks, within the limits of its queue.</summary>
sealed class ClaimRunHandler(RunTransitions transitions, StateStoreOptions options)
{
    // The limits travel with what is asked anyway; no name holds a line end.
    const string ContentsOnSqlite = "SELECT parameters, program, (SELECT group_concat(name, char(10)) FROM concurrency_limits) FROM flow_run_contents WHERE run_id = $1";
    const string ContentsOnPostgresql = "SELECT parameters, program, (SELECT string_agg(name, chr(10)) FROM concurrency_limits) FROM flow_run_contents WHERE run_id = $1";
    const string LastJournalLine = "SELECT MAX(number) FROM log_lines WHERE run_id = $1 AND source = 0";
    internal const string HeldOfQueue = "SELECT COUNT(*) FROM flow_runs WHERE lease_agent IS NOT NULL AND queue = $1";

    public ClaimAnswered Handle(WriteSession session, ClaimRun message, DateTimeOffset now)
    {
        if (FlowRunTable.Load(session, message.RunId) is not { } record)
            return new ClaimAnswered(false, $"there is no run {message.RunId}");
        var claim = new FlowRunCommand.Claim(message.AgentId, message.OfferId, options.LeaseDuration);
        if (record.Run.Lease is null && (Blocked(session, record.Queue) ?? BlockedByTags(session, record, claim, now)) is { } blocked)
            return new ClaimAnswered(false, blocked);
        return transitions.Apply(session, record, claim, now) switch
        {
            Decision.Accept accept => new ClaimAnswered(true, Run: Granted(session, record, accept.Next)),
            // The answer was lost and the agent asks again.
            Decision.Ignore => new ClaimAnswered(true, Run: Granted(session, record, record.Run)),
            Decision.Refuse refuse => new ClaimAnswered(false, refuse.Reason),
            _ => throw new InvalidOperationException("the machine gave no answer"),
        };
    }

    // Only for a run that is granted else: a refused claim must hold no slot.
    static string? BlockedByTags(WriteSession session, FlowRunRecord record, FlowRunCommand claim, DateTimeOffset now) =>
        FlowRunMachine.Decide(record.Run, claim, now) is Decision.Accept ? RunSlots.TakeFor(session, record, now) : null;

    static string? Blocked(WriteSession session, string queue)
    {
        if (QueueTable.LoadLimits(session, queue) is not { } limits)
            return null;
        if (limits.Paused)
            return $"work queue '{queue}' is paused";
        return limits.ConcurrencyLimit is { } limit && session.Number(HeldOfQueue, queue) >= limit
            ? $"work queue '{queue}' has reached its limit of {limit} runs at a time"
            : null;
    }

    GrantedRun Granted(WriteSession session, FlowRunRecord record, FlowRun run)
    {
        var journalThrough = run.RunCount > 1 ? Math.Max(record.EventsThrough, session.Number(LastJournalLine, run.Id) ?? 0) : 0;
        using var rows = session.Query(session.Provider == DatabaseProvider.Sqlite ? ContentsOnSqlite : ContentsOnPostgresql, run.Id);
        if (!rows.Next() || rows.TextOrNull(1) is not { } program)
            throw new InvalidOperationException($"run {run.Id} has no program");
        return new GrantedRun
        {
            RunId = run.Id,
            RunName = record.Name,
            FlowName = record.FlowName,
            DeploymentName = record.DeploymentName,
            Program = StoreFormat.Program(program),
            Parameters = StoreFormat.Element(rows.Text(0)),
            Tags = StoreFormat.Tags(record.Tags),
            Queue = record.Queue,
            Epoch = run.Epoch,
            Attempt = run.RunCount,
            LeaseSeconds = options.LeaseDuration.TotalSeconds,
            DueAt = record.ScheduledFor,
            JournalThrough = journalThrough,
            Limited = rows.TextOrNull(2)?.Split('\n') ?? [],
        };
    }
}
