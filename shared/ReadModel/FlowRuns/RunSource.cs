using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.FlowRuns;

/// <summary>
/// One index that gives runs in order of creation: all of them, those with a tag, those with a parameter's value, or those of
/// one flow, deployment, queue or parent in one state.
/// </summary>
sealed class RunSource
{
    /// <summary>Where counting stops: sources that hold more are equally bad.</summary>
    const int CountedAtMost = 4000;

    readonly string _from;
    readonly Action<SqlConditions> _add;

    RunSource(string from, string created, string id, Action<SqlConditions> add) => (_from, Created, Id, _add) = (from, created, id, add);

    /// <summary>The column of the time of creation.</summary>
    public string Created { get; }

    /// <summary>The column of the run's id.</summary>
    public string Id { get; }

    /// <summary>The tag that all of its runs have; null: any.</summary>
    public string? HeldTag { get; private init; }

    /// <summary>The parameter that all of its runs have with this value; null: any.</summary>
    public (string Name, string Value)? HeldParameter { get; private init; }

    // CROSS JOIN keeps SQLite from turning the two around.
    public static RunSource Tag(string tag) =>
        new("flow_run_tags s CROSS JOIN flow_runs r", "s.created_at", "s.run_id", c => c.Add($"s.tag = {c.Value(tag)}")) { HeldTag = tag };

    public static RunSource Parameter(string name, string value) =>
        new("flow_run_parameters s CROSS JOIN flow_runs r", "s.created_at", "s.run_id", c => c.Add($"s.name = {c.Value(name)} AND s.value = {c.Value(value)}"))
        {
            HeldParameter = (name, value),
        };

    /// <param name="column">Equal to <paramref name="value"/>; null: any.</param>
    /// <param name="value">The value.</param>
    /// <param name="stateType">The state's type; null: any.</param>
    public static RunSource Runs(string? column, object? value, string? stateType) => new("flow_runs r", "r.created_at", "r.id", c =>
    {
        if (column is not null)
            c.Add($"r.{column} = {c.Value(value)}");
        if (stateType is not null)
            c.Add($"r.state_type = {c.Value(stateType)}");
    });

    /// <summary>How many runs it holds in the range, up to a few thousand.</summary>
    public long Count(SqlSession session, FlowRunQuery query, FlowRunKey? after)
    {
        var conditions = Range(query, after, null);
        return session.Number($"SELECT count(*) FROM (SELECT 1 FROM {IndexAlone} WHERE {conditions.Text} LIMIT {CountedAtMost}) AS c", conditions.Values) ?? 0;
    }

    /// <summary>The key of the row <paramref name="offset"/> places after <paramref name="after"/>; null: there are fewer.</summary>
    public FlowRunKey? KeyAt(SqlSession session, FlowRunQuery query, FlowRunKey? after, int offset)
    {
        var conditions = Range(query, after, null);
        using var rows = session.Query($"SELECT {Created}, {Id} FROM {IndexAlone} WHERE {conditions.Text} {Order(query)} LIMIT 1 OFFSET {offset}", conditions.Values);
        return rows.Next() ? new FlowRunKey(rows.Instant(0), rows.Id(1)) : null;
    }

    /// <summary>The first runs of the range that fulfil further conditions.</summary>
    /// <param name="session">Where they are read.</param>
    /// <param name="columns">The columns, of <c>r</c>.</param>
    /// <param name="query">The range and the direction.</param>
    /// <param name="after">After this row.</param>
    /// <param name="through">Up to this row.</param>
    /// <param name="further">Adds the further conditions on <c>r</c>.</param>
    /// <param name="limit">How many at most.</param>
    public SqlRows Read(SqlSession session, string columns, FlowRunQuery query, FlowRunKey? after, FlowRunKey? through, Action<SqlConditions> further, int limit)
    {
        var conditions = Range(query, after, through);
        if (_from != IndexAlone)
            conditions.Add("r.id = s.run_id");
        further(conditions);
        return session.Query($"SELECT {columns} FROM {_from} WHERE {conditions.Text} {Order(query)} LIMIT {limit}", conditions.Values);
    }

    /// <summary>State types with the number of their runs.</summary>
    public SqlRows Count(SqlSession session, FlowRunQuery query, Action<SqlConditions> further)
    {
        var conditions = Range(query, null, null);
        if (_from != IndexAlone)
            conditions.Add("r.id = s.run_id");
        further(conditions);
        return session.Query($"SELECT r.state_type, count(*) FROM {_from} WHERE {conditions.Text} GROUP BY r.state_type", conditions.Values);
    }

    string IndexAlone => _from.Split(" CROSS JOIN ")[0];

    string Order(FlowRunQuery query)
    {
        var direction = query.OldestFirst ? "ASC" : "DESC";
        return $"ORDER BY {Created} {direction}, {Id} {direction}";
    }

    SqlConditions Range(FlowRunQuery query, FlowRunKey? after, FlowRunKey? through)
    {
        var conditions = new SqlConditions();
        _add(conditions);
        if (query.Since is { } since)
            conditions.Add($"{Created} >= {conditions.Value(since)}");
        if (query.Until is { } until)
            conditions.Add($"{Created} < {conditions.Value(until)}");
        if (after is { } from)
            conditions.Add($"({Created}, {Id}) {(query.OldestFirst ? ">" : "<")} ({conditions.Value(from.CreatedAt)}, {conditions.Value(from.Id)})");
        if (through is { } to)
            conditions.Add($"({Created}, {Id}) {(query.OldestFirst ? "<=" : ">=")} ({conditions.Value(to.CreatedAt)}, {conditions.Value(to.Id)})");
        return conditions;
    }
}
