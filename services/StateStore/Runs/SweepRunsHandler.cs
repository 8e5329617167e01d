using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Runs;

/// <summary>Finds the runs whose time is up: leases that nobody renewed, runs that are late, runs that nobody wants any more.</summary>
sealed class SweepRunsHandler(RunTransitions transitions, StateStoreOptions options)
{
    internal const string ExpiredLeases = "SELECT id FROM flow_runs WHERE lease_agent IS NOT NULL AND lease_expires_at <= $1 ORDER BY lease_expires_at LIMIT $2";
    internal const string LateRuns = "SELECT id FROM flow_runs WHERE state_type = 'Scheduled' AND state_name <> 'Late' AND due_at <= $1 ORDER BY due_at LIMIT $2";
    internal const string ExpiredRuns = "SELECT id FROM flow_runs WHERE state_type = 'Scheduled' AND expires_at IS NOT NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2";
    readonly LeaseWatch _watch = new(options.ExpiryHoldOff ?? options.LeaseDuration, options.LeaseDuration / 2);

    public SweepAnswered Handle(WriteSession session, DateTimeOffset now)
    {
        Inbox.Forget(session, now);
        var leases = 0;
        if (_watch.MayExpireLeases(session, now))
        {
            foreach (var id in Find(session, ExpiredLeases, now))
            {
                var record = FlowRunTable.Load(session, id)!;
                if (transitions.Apply(session, record, new FlowRunCommand.ExpireLease(record.Run.Epoch), now) is Decision.Accept)
                    leases++;
            }
        }

        // Expiry before lateness: a run that is no longer wanted is not called Late first.
        var expired = Find(session, ExpiredRuns, now).Count(id => transitions.Apply(session, id, new FlowRunCommand.ExpireLate(), now) is Decision.Accept);
        var late = Find(session, LateRuns, now - options.LateGrace).Count(id => transitions.Apply(session, id, new FlowRunCommand.MarkLate(options.LateGrace), now) is Decision.Accept);
        return new SweepAnswered(leases, late, expired);
    }

    List<Guid> Find(WriteSession session, string sql, DateTimeOffset until)
    {
        return session.Query(sql, until, options.SweepLimit).ReadAll(rows => rows.Id(0));
    }
}
