using Holoflow.Contracts;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Definitions;

sealed record DeploymentRecord
{
    public required Guid Id { get; init; }

    public required string FlowName { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string ProgramJson { get; init; }

    public required string ParameterSchema { get; init; }

    public required string Parameters { get; init; }

    public required string Queue { get; init; }

    public required string TagsJson { get; init; }

    public required int Priority { get; init; }

    public required string Infrastructure { get; init; }

    public required long Revision { get; init; }

    public RunProgram Program => StoreFormat.Program(ProgramJson);

    public IReadOnlyList<string> Tags => StoreFormat.Tags(TagsJson);

    public string FullName => $"{FlowName}/{Name}";
}

/// <summary>Maps deployments to their rows.</summary>
static class DeploymentTable
{
    const string Columns = "id, flow_name, name, description, program, parameter_schema, parameters, queue, tags, priority, infrastructure, revision";
    const string ById = $"SELECT {Columns} FROM deployments WHERE id = $1";
    const string ByName = $"SELECT {Columns} FROM deployments WHERE flow_name = $1 AND name = $2";
    const string Upsert = $"""
        INSERT INTO deployments ({Columns}, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
        ON CONFLICT (id) DO UPDATE SET description = excluded.description, program = excluded.program, parameter_schema = excluded.parameter_schema,
        parameters = excluded.parameters, queue = excluded.queue, tags = excluded.tags, priority = excluded.priority,
        infrastructure = excluded.infrastructure, revision = excluded.revision, updated_at = excluded.updated_at
        """;

    const string Raise = "UPDATE deployments SET revision = revision + 1, updated_at = $2 WHERE id = $1";
    const string DeleteRow = "DELETE FROM deployments WHERE id = $1";

    public static DeploymentRecord? Load(WriteSession session, Guid id) => Read(session, ById, id);

    public static DeploymentRecord? Find(WriteSession session, string flow, string name) => Read(session, ByName, flow, name);

    public static void Save(WriteSession session, DeploymentRecord deployment, DateTimeOffset now) => session.Execute(
        Upsert,
        deployment.Id,
        deployment.FlowName,
        deployment.Name,
        deployment.Description,
        deployment.ProgramJson,
        deployment.ParameterSchema,
        deployment.Parameters,
        deployment.Queue,
        deployment.TagsJson,
        deployment.Priority,
        deployment.Infrastructure,
        deployment.Revision,
        now);

    /// <summary>Counts a change of what belongs to the deployment but lies in other tables.</summary>
    public static void RaiseRevision(WriteSession session, Guid id, DateTimeOffset now) => session.Execute(Raise, id, now);

    public static void Delete(WriteSession session, Guid id) => session.Execute(DeleteRow, id);

    static DeploymentRecord? Read(WriteSession session, string sql, params ReadOnlySpan<object?> values)
    {
        using var rows = session.QueryLocking(sql, values);
        if (!rows.Next())
            return null;
        return new DeploymentRecord
        {
            Id = rows.Id(0),
            FlowName = rows.Text(1),
            Name = rows.Text(2),
            Description = rows.TextOrNull(3),
            ProgramJson = rows.Text(4),
            ParameterSchema = rows.Text(5),
            Parameters = rows.Text(6),
            Queue = rows.Text(7),
            TagsJson = rows.Text(8),
            Priority = rows.Int(9),
            Infrastructure = rows.Text(10),
            Revision = rows.Long(11),
        };
    }
}
