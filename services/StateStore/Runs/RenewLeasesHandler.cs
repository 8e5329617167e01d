using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Runs;

/// <summary>Renews what the agent still holds, and tells it what each run should be doing.</summary>
sealed class RenewLeasesHandler(StateStoreOptions options)
{
    const string Limits = "SELECT name FROM concurrency_limits ORDER BY name";
    const string Granted = "SELECT q.run_id, q.id FROM slot_requests q JOIN flow_runs r ON r.id = q.run_id WHERE r.lease_agent = $1 AND q.granted_at IS NOT NULL";
    const string Renew = "UPDATE flow_runs SET lease_expires_at = $2 WHERE id = $1";

    public LeasesRenewed Handle(WriteSession session, RenewLeases message, DateTimeOffset now)
    {
        var renewed = new List<RenewedRun>(message.Runs.Count);
        // In one order, so that two batches never wait for each other crosswise.
        foreach (var held in message.Runs.OrderBy(r => r.RunId))
            renewed.Add(RenewOne(session, message.AgentId, held, now));
        return new LeasesRenewed(renewed, options.LeaseDuration.TotalSeconds) { Limited = ReadLimits(session), Slots = ReadGranted(session, message.AgentId) };
    }

    static List<string> ReadLimits(WriteSession session)
    {
        return session.Query(Limits).ReadAll(rows => rows.Text(0));
    }

    static List<GrantedSlots>? ReadGranted(WriteSession session, string agent)
    {
        List<GrantedSlots>? granted = null;
        using var rows = session.Query(Granted, agent);
        while (rows.Next())
            (granted ??= []).Add(new GrantedSlots(rows.Id(0), rows.Id(1)));
        return granted;
    }

    RenewedRun RenewOne(WriteSession session, string agent, HeldRun held, DateTimeOffset now)
    {
        if (FlowRunTable.Load(session, held.RunId) is not { Run: { Lease: { } lease } run } || lease.AgentId != agent || lease.Epoch != held.Epoch)
            return new RenewedRun(held.RunId, held.Epoch, false, WantedOfRun.Cancel);
        var longer = lease.Renew(now, options.LeaseDuration);
        if (longer != lease)
            session.Post(Renew, run.Id, longer.ExpiresAt);
        return new RenewedRun(held.RunId, held.Epoch, true, run.State.Type switch
        {
            RunStateType.Cancelling => WantedOfRun.Cancel,
            RunStateType.Paused => WantedOfRun.Pause,
            _ => WantedOfRun.Run,
        });
    }
}
