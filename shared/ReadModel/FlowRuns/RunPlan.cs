using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.FlowRuns;

/// <summary>How a list is read: from which index, and whether rows must then be looked at one by one.</summary>
/// <param name="Sources">Read side by side and merged.</param>
/// <param name="IsExact">True: the sources hold what is looked for and nothing else.</param>
sealed record RunPlan(IReadOnlyList<RunSource> Sources, bool IsExact)
{
    /// <summary>More sources side by side cost more than looking at rows.</summary>
    const int MostSources = 12;

    /// <summary>The plan whose sources hold the fewest runs.</summary>
    public static RunPlan Choose(SqlSession session, FlowRunQuery query, FlowRunKey? after)
    {
        var plans = Alternatives(query).ToList();
        return plans.Count == 1 ? plans[0] : plans.MinBy(plan => plan.Sources.Sum(source => source.Count(session, query, after)))!;
    }

    static IEnumerable<RunPlan> Alternatives(FlowRunQuery query)
    {
        var conditions = Conditions(query);
        var types = query.States.Select(s => s.Type).Distinct(StringComparer.Ordinal).ToList();
        var statesHeld = types.Count > 0 && query.States.All(s => s.Name is null) ? 1 : 0;
        var found = false;
        foreach (var (column, values) in Columns(query))
        {
            if (values.Count * Math.Max(1, types.Count) > MostSources)
                continue;
            found = true;
            yield return column == "parent_run_id"
                ? new RunPlan([.. values.Select(v => RunSource.Runs(column, v, null))], conditions == 1)
                : new RunPlan([.. values.SelectMany(v => WithStates(column, v, types))], conditions == 1 + statesHeld);
        }

        foreach (var tag in query.Tags)
            yield return new RunPlan([RunSource.Tag(tag)], conditions == 1);
        foreach (var (name, value) in query.Parameters)
            yield return new RunPlan([RunSource.Parameter(name, value)], conditions == 1);
        if (types.Count > 0 && !found)
            yield return new RunPlan([.. WithStates(null, null, types)], conditions == statesHeld);
        else if (!found && query.Tags.Count == 0 && query.Parameters.Count == 0)
            yield return new RunPlan([RunSource.Runs(null, null, null)], conditions == 0);
    }

    static IEnumerable<RunSource> WithStates(string? column, object? value, List<string> types) =>
        types.Count == 0 ? [RunSource.Runs(column, value, null)] : types.Select(type => RunSource.Runs(column, value, type));

    static IEnumerable<(string Column, IReadOnlyList<object> Values)> Columns(FlowRunQuery query)
    {
        if (query.ParentRunId is { } parent)
            yield return ("parent_run_id", [parent]);
        if (query.Deployments.Count > 0)
            yield return ("deployment_id", [.. query.Deployments.Cast<object>()]);
        if (query.Flows.Count > 0)
            yield return ("flow_name", [.. query.Flows]);
        if (query.Queues.Count > 0)
            yield return ("queue", [.. query.Queues]);
    }

    /// <summary>How many kinds of conditions there are, beside the time range, which every source keeps.</summary>
    static int Conditions(FlowRunQuery query) =>
        Columns(query).Count() + query.Tags.Count + query.Parameters.Count + (query.States.Count > 0 ? 1 : 0) + (query.Text is null ? 0 : 1);
}
