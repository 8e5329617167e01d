using System.Globalization;
using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.Notifications;

/// <summary>Rules by which people and systems are told of runs, and what was told.</summary>
public sealed class NotificationLists(Database database)
{
    const string Columns = "SELECT id, name, states, flows, tags, longer_than, target, address, template, secret, active, revision, created_at, updated_at FROM notification_rules";
    const string Every = $"{Columns} ORDER BY name";
    const string ByName = $"{Columns} WHERE name = $1";
    const string DeliveryColumns = "SELECT d.id, d.rule_id, d.run_id, d.version, d.content, d.created_at, d.attempts, d.next_at, d.delivered_at, d.last_error FROM notification_deliveries d";

    /// <summary>All rules, by name.</summary>
    public async Task<IReadOnlyList<NotificationRuleRow>> All(CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session.Query(Every));
    }

    public async Task<NotificationRuleRow?> Find(string name, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session.Query(ByName, name)) is [var found] ? found : null;
    }

    /// <summary>What a rule told, the newest first; one row more than the limit tells that there are more.</summary>
    public async Task<IReadOnlyList<NotificationDeliveryRow>> Deliveries(Guid rule, (DateTimeOffset CreatedAt, Guid Id)? after, int limit, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var conditions = new SqlConditions();
        conditions.Add($"d.rule_id = {conditions.Value(rule)}");
        if (after is var (createdAt, id))
            conditions.Add($"(d.created_at, d.id) < ({conditions.Value(createdAt)}, {conditions.Value(id)})");
        return session.Query(string.Create(CultureInfo.InvariantCulture, $"{DeliveryColumns} WHERE {conditions.Text} ORDER BY d.created_at DESC, d.id DESC LIMIT {limit + 1}"), conditions.Values).ReadAll(rows => new NotificationDeliveryRow
        {
            Id = rows.Id(0),
            RuleId = rows.Id(1),
            RunId = rows.IdOrNull(2),
            Version = rows.LongOrNull(3),
            Content = rows.Text(4),
            CreatedAt = rows.Instant(5),
            Attempts = rows.Int(6),
            NextAt = rows.InstantOrNull(7),
            DeliveredAt = rows.InstantOrNull(8),
            LastError = rows.TextOrNull(9),
        });
    }

    static List<NotificationRuleRow> Read(SqlRows rows) => rows.ReadAll(row => new NotificationRuleRow
    {
        Id = row.Id(0),
        Name = row.Text(1),
        States = row.Text(2),
        Flows = row.Text(3),
        Tags = row.Text(4),
        LongerThan = row.LongOrNull(5),
        Target = row.Text(6),
        Address = row.Text(7),
        Template = row.TextOrNull(8),
        Secret = row.TextOrNull(9),
        Active = row.Bool(10),
        Revision = row.Long(11),
        CreatedAt = row.Instant(12),
        UpdatedAt = row.Instant(13),
    });
}
