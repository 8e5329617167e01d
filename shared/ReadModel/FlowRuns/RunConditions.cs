using Holoflow.Persistence;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.FlowRuns;

/// <summary>The conditions of a query on the rows of flow runs, whatever index they come from.</summary>
static class RunConditions
{
    /// <summary>Adds all of them. They choose no index: the source has been chosen.</summary>
    /// <param name="conditions">Takes them.</param>
    /// <param name="query">The query.</param>
    /// <param name="source">Where the rows come from.</param>
    /// <param name="provider">The database's kind.</param>
    /// <param name="isPage">Only the first rows that fulfil them are wanted, not all.</param>
    public static void Add(SqlConditions conditions, FlowRunQuery query, RunSource source, DatabaseProvider provider, bool isPage)
    {
        // A unary plus tells SQLite that a column is not to be searched by an index.
        var plain = provider == DatabaseProvider.Sqlite ? "+r." : "r.";
        conditions.AnyOf($"{plain}flow_name", query.Flows);
        conditions.AnyOf($"{plain}deployment_id", query.Deployments);
        conditions.AnyOf($"{plain}queue", query.Queues);
        if (query.ParentRunId is { } parent)
            conditions.Add($"{plain}parent_run_id = {conditions.Value(parent)}");
        if (query.States.Count > 0)
            conditions.Add($"({string.Join(" OR ", query.States.Select(s => Of(conditions, plain, s)))})");
        // PostgreSQL makes a join of an EXISTS, and reads thousands of entries of a common value to find those that a few rows have; with an OFFSET it asks row by row.
        var rowByRow = isPage && provider == DatabaseProvider.Postgresql ? " OFFSET 0" : "";
        // By the columns of the source: a row that lacks the tag is passed over before the run itself is fetched.
        foreach (var tag in query.Tags.Where(t => t != source.HeldTag))
            conditions.Add($"EXISTS (SELECT 1 FROM flow_run_tags t WHERE t.tag = {conditions.Value(tag)} AND t.created_at = {source.Created} AND t.run_id = {source.Id}{rowByRow})");
        foreach (var (name, value) in query.Parameters.Where(p => (p.Key, p.Value) != source.HeldParameter))
        {
            conditions.Add(
                $"EXISTS (SELECT 1 FROM flow_run_parameters p WHERE p.name = {conditions.Value(name)} AND p.value = {conditions.Value(value)} AND p.created_at = {source.Created} AND p.run_id = {source.Id}{rowByRow})");
        }

        if (query.Text is { } text)
            AddText(conditions, text, provider);
    }

    static string Of(SqlConditions conditions, string plain, StateCondition state) => state.Name is { } name
        ? $"({plain}state_type = {conditions.Value(state.Type)} AND r.state_name = {conditions.Value(name)})"
        : $"{plain}state_type = {conditions.Value(state.Type)}";

    static void AddText(SqlConditions conditions, string text, DatabaseProvider provider)
    {
        var like = provider == DatabaseProvider.Sqlite ? "LIKE" : "ILIKE";
        var value = conditions.Value(LikeText.Containing(text));
        conditions.Add($@"(r.name {like} {value} ESCAPE '\' OR r.flow_name {like} {value} ESCAPE '\')");
    }
}
