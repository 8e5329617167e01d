using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.FlowRuns;

/// <summary>The counts that are kept with every change of a run: what they can answer costs the same however long the history is.</summary>
static class RunTotals
{
    static readonly string[] States = ["Scheduled", "Pending", "Running", "Paused", "Cancelling", "Completed", "Failed", "Crashed", "Cancelled"];

    /// <summary>Whether the query asks only for what is counted.</summary>
    public static bool Answer(FlowRunQuery query) =>
        query is { Tags.Count: 0, Parameters.Count: 0, Since: null, Until: null, Text: null, ParentRunId: null } && query.States.All(s => s.Name is null);

    /// <summary>The number of runs by state type.</summary>
    public static Dictionary<string, long> Read(SqlSession session, FlowRunQuery query)
    {
        var conditions = new SqlConditions();
        conditions.AnyOf("state_type", query.States.Count == 0 ? States : [.. query.States.Select(s => s.Type).Distinct(StringComparer.Ordinal)]);
        conditions.AnyOf("flow_name", query.Flows);
        conditions.AnyOf("deployment_id", query.Deployments);
        conditions.AnyOf("queue", query.Queues);
        return Read(session.Query(
            $"SELECT state_type, CAST(SUM(runs) AS bigint) FROM run_counts WHERE {conditions.Text} GROUP BY state_type HAVING SUM(runs) <> 0", conditions.Values));
    }

    public static Dictionary<string, long> Read(SqlRows rows) => rows.ReadAll(row => (row.Text(0), row.Long(1))).ToDictionary(StringComparer.Ordinal);
}
