using Holoflow.Contracts;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Definitions;

/// <summary>The schedules of a deployment.</summary>
static class ScheduleTable
{
    const string OfDeployment = """
        SELECT id, cron, interval_seconds, anchor_date, rrule, time_zone, active, catch_up, expiry_seconds, parameters FROM schedules WHERE deployment_id = $1 ORDER BY id
        """;

    const string Insert = """
        INSERT INTO schedules (id, deployment_id, cron, interval_seconds, anchor_date, rrule, time_zone, active, catch_up, expiry_seconds, parameters, advanced_through, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
        """;

    const string DeleteRow = "DELETE FROM schedules WHERE id = $1";
    const string Advance = "UPDATE schedules SET advanced_through = $2 WHERE id = $1 AND advanced_through < $2";
    const string Find = "SELECT 1 FROM schedules WHERE id = $1";

    // What was due while a schedule was off is not made up for when it is switched on.
    const string Switch = "UPDATE schedules SET active = $2, advanced_through = $3 WHERE deployment_id = $1 AND active <> $2";

    /// <summary>Makes the deployment's schedules those of the list. One that stays keeps its id, and how far it has come.</summary>
    public static bool Replace(WriteSession session, Guid deploymentId, IReadOnlyList<ScheduleDefinition> wanted, DateTimeOffset now)
    {
        var present = Load(session, deploymentId);
        var changed = false;
        foreach (var definition in wanted)
        {
            var values = Values.Of(definition);
            var same = present.FindIndex(p => p.Values == values);
            if (same >= 0)
            {
                present.RemoveAt(same);
                continue;
            }

            changed = true;
            session.Execute(
                Insert,
                Guid.CreateVersion7(now),
                deploymentId,
                values.Cron,
                values.IntervalSeconds,
                values.AnchorDate,
                values.Rrule,
                values.TimeZone,
                values.Active,
                values.CatchUp,
                values.ExpirySeconds,
                values.Parameters,
                now);
        }

        foreach (var (id, _) in present)
            session.Execute(DeleteRow, id);
        return changed || present.Count > 0;
    }

    public static bool SetActive(WriteSession session, Guid deploymentId, bool active, DateTimeOffset now) => session.Execute(Switch, deploymentId, active, now) > 0;

    /// <summary>Remembers how far the schedule has come; null where there is no such schedule, false where it has come further already.</summary>
    public static bool? AdvanceThrough(WriteSession session, Guid id, DateTimeOffset through) =>
        session.Execute(Advance, id, through) > 0 ? true : session.Number(Find, id) is null ? null : false;

    static List<(Guid Id, Values Values)> Load(WriteSession session, Guid deploymentId)
    {
        return session.Query(OfDeployment, deploymentId).ReadAll(rows => (rows.Id(0), new Values(
            rows.TextOrNull(1),
            rows.DoubleOrNull(2),
            rows.InstantOrNull(3),
            rows.TextOrNull(4),
            rows.TextOrNull(5),
            rows.Bool(6),
            rows.Text(7),
            rows.DoubleOrNull(8),
            rows.TextOrNull(9))));
    }

    sealed record Values(string? Cron, double? IntervalSeconds, DateTimeOffset? AnchorDate, string? Rrule, string? TimeZone, bool Active, string CatchUp, double? ExpirySeconds, string? Parameters)
    {
        public static Values Of(ScheduleDefinition definition) => new(
            definition.Cron,
            definition.IntervalSeconds,
            definition.AnchorDate is { } anchor ? Microseconds.Cut(anchor) : null,
            definition.Rrule,
            definition.TimeZone,
            definition.Active,
            definition.CatchUp,
            definition.ExpirySeconds,
            definition.Parameters?.GetRawText());
    }
}
