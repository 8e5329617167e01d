using System.Text.Json;
using Holoflow.Domain.Notifications;
using Holoflow.Persistence.Sql;
using Holoflow.Persistence.Writes;

namespace Holoflow.Notifications;

/// <summary>The rows of notifications. Any number of processes may work on them: each delivery is claimed by one, until its lease lapses.</summary>
sealed class NotificationTable(NotifierOptions options)
{
    const int MostEvents = 500;
    const int MostDue = 50;
    const string ActiveRules = "SELECT id, name, states, flows, tags, longer_than FROM notification_rules WHERE active";
    const string Facts = "r.id, s.version, r.name, r.flow_name, r.deployment_name, r.queue, r.tags, s.state_type, s.state_name, s.message, s.at, c.parameters, c.result";
    const string Joined = "JOIN flow_run_contents c ON c.run_id = r.id";

    static readonly string Events = $"""
        SELECT {Facts} FROM (SELECT run_id, version FROM notification_events ORDER BY run_id, version LIMIT {MostEvents}) e
        JOIN flow_runs r ON r.id = e.run_id JOIN flow_run_states s ON s.run_id = e.run_id AND s.version = e.version {Joined}
        """;

    const string EventKeys = "SELECT run_id, version FROM notification_events ORDER BY run_id, version LIMIT 500";
    const string DeleteEvent = "DELETE FROM notification_events WHERE run_id = $1 AND version = $2";

    static readonly string Lasting = $"""
        SELECT {Facts} FROM flow_runs r JOIN flow_run_states s ON s.run_id = r.id AND s.version = r.version {Joined}
        WHERE r.state_type IN ('Scheduled', 'Pending', 'Running', 'Paused', 'Cancelling') AND r.parent_run_id IS NULL AND r.state_at <= $2
        AND NOT EXISTS (SELECT 1 FROM notification_deliveries d WHERE d.rule_id = $1 AND d.run_id = r.id AND d.version = r.version) LIMIT {MostEvents}
        """;

    const string Insert = """
        INSERT INTO notification_deliveries (id, rule_id, run_id, version, content, created_at, attempts, next_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $6)
        ON CONFLICT (rule_id, run_id, version) DO NOTHING
        """;

    static readonly string Due = $"""
        SELECT d.id, n.name, n.target, n.address, n.template, n.secret, d.content, d.created_at, d.attempts, d.next_at
        FROM notification_deliveries d JOIN notification_rules n ON n.id = d.rule_id WHERE d.next_at IS NOT NULL AND d.next_at <= $1 ORDER BY d.next_at LIMIT {MostDue}
        """;

    const string Next = "SELECT MIN(d.next_at) FROM notification_deliveries d JOIN notification_rules n ON n.id = d.rule_id WHERE d.next_at IS NOT NULL";
    const string ClaimOne = "UPDATE notification_deliveries SET next_at = $3, attempts = attempts + 1 WHERE id = $1 AND next_at = $2";
    const string SetDelivered = "UPDATE notification_deliveries SET next_at = NULL, delivered_at = $2, last_error = NULL WHERE id = $1";
    const string SetFailed = "UPDATE notification_deliveries SET next_at = $2, last_error = $3 WHERE id = $1 AND delivered_at IS NULL";
    // Of a rule that was removed while somebody decided by it.
    const string Prune = """
        DELETE FROM notification_deliveries WHERE (next_at IS NULL AND created_at < $1) OR rule_id NOT IN (SELECT id FROM notification_rules)
        """;

    public static IReadOnlyList<StoredRule> Rules(SqlSession session)
    {
        var rules = new List<StoredRule>();
        using var rows = session.Query(ActiveRules);
        while (rows.Next())
        {
            TimeSpan? longer = rows.LongOrNull(5) is { } span ? TimeSpan.FromMicroseconds(span) : null;
            rules.Add(new StoredRule(rows.Id(0), rows.Text(1), new NotificationRule(Texts(rows.Text(2)), Texts(rows.Text(3)), Texts(rows.Text(4)), longer)));
        }

        return rules;
    }

    /// <summary>Changes of which it is not decided yet who is told; the keys are of those too whose run is gone.</summary>
    public (IReadOnlyList<ChangedRun> Changes, IReadOnlyList<(Guid Run, long Version)> Keys) Undecided(SqlSession session)
    {
        var keys = session.Query(EventKeys).ReadAll(rows => (rows.Id(0), rows.Long(1)));
        return (keys.Count == 0 ? [] : Read(session.Query(Events)), keys);
    }

    /// <summary>Runs that are in a state since then, or longer, of which the rule has not told.</summary>
    public IReadOnlyList<ChangedRun> InStateSince(SqlSession session, Guid rule, DateTimeOffset since) => Read(session.Query(Lasting, rule, since));

    public static void Decide(WriteSession session, IEnumerable<(StoredRule Rule, ChangedRun Run)> toTell, IEnumerable<(Guid Run, long Version)> decided, DateTimeOffset now)
    {
        foreach (var (rule, run) in toTell)
        {
            var content = JsonSerializer.Serialize(run.Content with { Notification = rule.Name }, NotificationJson.Default.NotificationContent);
            session.Post(Insert, Guid.CreateVersion7(now), rule.Id, run.Id, run.Version, content, now);
        }

        foreach (var (run, version) in decided)
            session.Post(DeleteEvent, run, version);
    }

    public static IReadOnlyList<DueDelivery> DueAt(SqlSession session, DateTimeOffset now)
    {
        return session.Query(Due, now).ReadAll(rows => new DueDelivery(
            rows.Id(0), rows.Text(1), rows.Text(2), rows.Text(3), rows.TextOrNull(4), rows.TextOrNull(5), rows.Text(6), rows.Instant(7), rows.Int(8), rows.Instant(9)));
    }

    public static DateTimeOffset? NextAt(SqlSession session) => session.Number(Next) is { } at ? Persistence.Microseconds.ToInstant(at) : null;

    /// <returns>False where another process was faster.</returns>
    public static bool Claim(WriteSession session, DueDelivery delivery, DateTimeOffset until) => session.Execute(ClaimOne, delivery.Id, delivery.NextAt, until) == 1;

    public static void Save(WriteSession session, Guid id, DeliveryDecision decision, DateTimeOffset now)
    {
        switch (decision)
        {
            case DeliveryDecision.Done:
                session.Post(SetDelivered, id, now);
                break;
            case DeliveryDecision.TryAgain again:
                session.Post(SetFailed, id, again.At, again.Reason);
                break;
            case DeliveryDecision.GiveUp giveUp:
                session.Post(SetFailed, id, null, giveUp.Reason);
                break;
        }
    }

    public static int Forget(WriteSession session, DateTimeOffset before) => session.Execute(Prune, before);

    List<ChangedRun> Read(SqlRows rows)
    {
        var runs = new List<ChangedRun>();
        using (rows)
        {
            while (rows.Next())
            {
                var (id, tags, state) = (rows.Id(0), Texts(rows.Text(6)), new NotifiedState(rows.Text(7), rows.Text(8), rows.TextOrNull(9), rows.Instant(10)));
                var run = new NotifiedRun(id, rows.Text(2), rows.Text(3), rows.TextOrNull(4), rows.Text(5), tags)
                {
                    Url = options.Dashboard is { } dashboard ? new Uri(dashboard, $"/runs/{id}") : null,
                    SchedulingBlock = Value(rows.Text(11), "sbid"),
                    Path = Value(rows.TextOrNull(12), "folder") ?? Value(rows.Text(11), "workdir"),
                };
                runs.Add(new ChangedRun(id, rows.Long(1), new RunInState(run.Flow, tags, state.Type, state.Name, state.At), new NotificationContent { Notification = "", Run = run, State = state }));
            }
        }

        return runs;
    }

    static string? Value(string? json, string name)
    {
        if (json is null)
            return null;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null } : null;
    }

    static IReadOnlyList<string> Texts(string json) => JsonSerializer.Deserialize(json, NotificationJson.Default.IReadOnlyListString) ?? [];
}
