using System.Globalization;
using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.Definitions;

/// <summary>Which deployments are looked for. All that is given must hold; of several values of one kind any may (tags: all must).</summary>
public sealed record DeploymentQuery
{
    public IReadOnlyList<string> Flows { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> Queues { get; init; } = [];

    public string? Text { get; init; }
}

/// <summary>A deployment with how many schedules it has, and how many of them are active.</summary>
public readonly record struct DeploymentWithSchedules(DeploymentRow Deployment, int Schedules, int Active);

/// <summary>Deployments.</summary>
public sealed class DeploymentLists(Database database)
{
    const string Columns = """
        SELECT d.id, d.flow_name, d.name, d.description, d.program, d.parameter_schema, d.parameters, d.queue, d.tags, d.priority, d.infrastructure,
        d.revision, d.created_at, d.updated_at,
        (SELECT count(*) FROM schedules s WHERE s.deployment_id = d.id), (SELECT count(*) FROM schedules s WHERE s.deployment_id = d.id AND s.active)
        """;

    /// <summary>By flow and name, after the given ones; one row more than the limit tells that there are more.</summary>
    public async Task<IReadOnlyList<DeploymentWithSchedules>> Page(DeploymentQuery query, (string Flow, string Name)? after, int limit, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var conditions = new SqlConditions();
        conditions.AnyOf("d.flow_name", query.Flows);
        conditions.AnyOf("d.queue", query.Queues);
        foreach (var tag in query.Tags)
            conditions.Add(JsonTags.Contains(session.Provider, "d.tags", conditions.Value(tag)));
        if (query.Text is { } text)
        {
            var like = session.Provider == DatabaseProvider.Sqlite ? "LIKE" : "ILIKE";
            var value = conditions.Value(LikeText.Containing(text));
            conditions.Add($@"(d.flow_name {like} {value} ESCAPE '\' OR d.name {like} {value} ESCAPE '\')");
        }

        if (after is var (flow, name))
            conditions.Add($"(d.flow_name, d.name) > ({conditions.Value(flow)}, {conditions.Value(name)})");
        return Read(session, conditions, string.Create(CultureInfo.InvariantCulture, $"ORDER BY d.flow_name, d.name LIMIT {limit + 1}"));
    }

    public async Task<DeploymentWithSchedules?> Find(Guid id, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var conditions = new SqlConditions();
        conditions.Add($"d.id = {conditions.Value(id)}");
        return Read(session, conditions, "") is [var found] ? found : null;
    }

    public async Task<DeploymentWithSchedules?> Find(string flow, string name, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var conditions = new SqlConditions();
        conditions.Add($"d.flow_name = {conditions.Value(flow)}");
        conditions.Add($"d.name = {conditions.Value(name)}");
        return Read(session, conditions, "") is [var found] ? found : null;
    }

    static List<DeploymentWithSchedules> Read(SqlSession session, SqlConditions conditions, string order)
    {
        return session.Query($"{Columns} FROM deployments d WHERE {conditions.Text} {order}", conditions.Values).ReadAll(rows => new DeploymentWithSchedules(
            new DeploymentRow
            {
                Id = rows.Id(0),
                FlowName = rows.Text(1),
                Name = rows.Text(2),
                Description = rows.TextOrNull(3),
                Program = rows.Text(4),
                ParameterSchema = rows.Text(5),
                Parameters = rows.Text(6),
                Queue = rows.Text(7),
                Tags = rows.Text(8),
                Priority = rows.Int(9),
                Infrastructure = rows.Text(10),
                Revision = rows.Long(11),
                CreatedAt = rows.Instant(12),
                UpdatedAt = rows.Instant(13),
            },
            rows.Int(14),
            rows.Int(15)));
    }
}
