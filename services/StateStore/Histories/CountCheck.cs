using System.Globalization;
using Holoflow.Persistence.Sql;

namespace Holoflow.StateStore.Histories;

/// <summary>Verifies the counts that are kept with every change of a run against the runs, each kind in one statement.</summary>
static class CountCheck
{
    static readonly string Counts = string.Create(CultureInfo.InvariantCulture, $"""
        SELECT state_type, flow_name, queue, CAST(SUM(counted) AS bigint), CAST(SUM(present) AS bigint)
        FROM (SELECT state_type, flow_name, deployment_id, queue, runs AS counted, 0 AS present FROM run_counts
              UNION ALL SELECT state_type, flow_name, COALESCE(deployment_id, $1), queue, 0, 1 FROM flow_runs) AS both_sides
        GROUP BY state_type, flow_name, deployment_id, queue HAVING SUM(counted) <> SUM(present) LIMIT {HistoryCheck.MostFaults}
        """);

    static readonly string Hours = string.Create(CultureInfo.InvariantCulture, $"""
        SELECT hour, state_type, CAST(SUM(counted) AS bigint), CAST(SUM(present) AS bigint)
        FROM (SELECT hour, state_type, runs AS counted, 0 AS present FROM run_hours
              UNION ALL SELECT created_at / 3600000000, state_type, 0, 1 FROM flow_runs) AS both_sides
        GROUP BY hour, state_type HAVING SUM(counted) <> SUM(present) LIMIT {HistoryCheck.MostFaults}
        """);

    public static IEnumerable<string> Faults(SqlSession session)
    {
        var faults = new List<string>();
        using (var rows = session.Query(Counts, Guid.Empty))
        {
            while (rows.Next())
                faults.Add($"counts: {rows.Long(3)} runs of flow '{rows.Text(1)}' in queue '{rows.Text(2)}' are said to be {rows.Text(0)}, and {rows.Long(4)} are");
        }

        using var hours = session.Query(Hours);
        while (hours.Next())
            faults.Add($"counts: {hours.Long(2)} runs of the hour {DateTimeOffset.UnixEpoch.AddHours(hours.Long(0)):yyyy-MM-ddTHH}Z are said to be {hours.Text(1)}, and {hours.Long(3)} are");
        return faults;
    }
}
