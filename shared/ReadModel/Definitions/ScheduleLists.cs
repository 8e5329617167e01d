using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.Definitions;

/// <summary>A schedule with the names of its deployment.</summary>
public readonly record struct ScheduleOfDeployment(ScheduleRow Schedule, string FlowName, string DeploymentName);

/// <summary>Schedules.</summary>
public sealed class ScheduleLists(Database database)
{
    const string Columns = """
        SELECT s.id, s.deployment_id, s.cron, s.interval_seconds, s.anchor_date, s.rrule, s.time_zone, s.active, s.catch_up, s.expiry_seconds,
        s.parameters, s.advanced_through, s.created_at, d.flow_name, d.name FROM schedules s JOIN deployments d ON d.id = s.deployment_id
        """;

    const string Every = $"{Columns} ORDER BY d.flow_name, d.name, s.created_at, s.id";
    const string OfDeployment = $"{Columns} WHERE s.deployment_id = $1 ORDER BY s.created_at, s.id";

    public async Task<IReadOnlyList<ScheduleOfDeployment>> All(CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session.Query(Every));
    }

    public async Task<IReadOnlyList<ScheduleOfDeployment>> Of(Guid deploymentId, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session.Query(OfDeployment, deploymentId));
    }

    static List<ScheduleOfDeployment> Read(SqlRows rows) => rows.ReadAll(row => new ScheduleOfDeployment(
        new ScheduleRow
        {
            Id = row.Id(0),
            DeploymentId = row.Id(1),
            Cron = row.TextOrNull(2),
            IntervalSeconds = row.DoubleOrNull(3),
            AnchorDate = row.InstantOrNull(4),
            Rrule = row.TextOrNull(5),
            TimeZone = row.TextOrNull(6),
            Active = row.Bool(7),
            CatchUp = row.Text(8),
            ExpirySeconds = row.DoubleOrNull(9),
            Parameters = row.TextOrNull(10),
            AdvancedThrough = row.Instant(11),
            CreatedAt = row.Instant(12),
        },
        row.Text(13),
        row.Text(14)));
}
