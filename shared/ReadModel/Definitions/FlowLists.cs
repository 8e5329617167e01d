using System.Globalization;
using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.Definitions;

/// <summary>A flow with how many deployments it has and when its newest run was created.</summary>
public readonly record struct FlowWithUse(FlowRow Flow, int Deployments, DateTimeOffset? LastRunAt);

/// <summary>Flows.</summary>
public sealed class FlowLists(Database database)
{
    /// <summary>By name, after the given one; one row more than the limit tells that there are more.</summary>
    public async Task<IReadOnlyList<FlowWithUse>> Page(string? text, string? after, int limit, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var conditions = new SqlConditions();
        if (text is not null)
            conditions.Add($@"f.name {(session.Provider == DatabaseProvider.Sqlite ? "LIKE" : "ILIKE")} {conditions.Value(LikeText.Containing(text))} ESCAPE '\'");
        if (after is not null)
            conditions.Add($"f.name > {conditions.Value(after)}");
        var sql = string.Create(CultureInfo.InvariantCulture, $"""
            SELECT f.id, f.name, f.created_at, (SELECT count(*) FROM deployments d WHERE d.flow_name = f.name), (SELECT max(r.created_at) FROM flow_runs r WHERE r.flow_name = f.name)
            FROM flows f WHERE {conditions.Text} ORDER BY f.name LIMIT {limit + 1}
            """);
        return session.Query(sql, conditions.Values).ReadAll(rows => new FlowWithUse(new FlowRow { Id = rows.Id(0), Name = rows.Text(1), CreatedAt = rows.Instant(2) }, rows.Int(3), rows.InstantOrNull(4)));
    }
}
