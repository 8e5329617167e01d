using System.Text.Json;
using Holoflow.Persistence;
using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.Scheduling;

/// <summary>A run that waits to be taken.</summary>
public sealed record WaitingRun(Guid Id, string Queue, int Priority, DateTimeOffset DueAt, IReadOnlyList<string> Tags);

/// <summary>What holds a work queue's runs back, and how many of them agents hold.</summary>
public sealed record QueueLoad(string Name, bool Paused, int? ConcurrencyLimit, int Priority, int Held);

/// <summary>A limited tag, and how many of its slots are held.</summary>
public sealed record TagLoad(string Tag, int Slots, int Held);

/// <summary>An active schedule, with all that turns its fire times into runs.</summary>
public sealed record ActiveSchedule
{
    public required Guid Id { get; init; }

    public required Guid DeploymentId { get; init; }

    public required string DeploymentName { get; init; }

    public string? Cron { get; init; }

    public double? IntervalSeconds { get; init; }

    public DateTimeOffset? AnchorDate { get; init; }

    public string? Rrule { get; init; }

    public string? TimeZone { get; init; }

    public required string CatchUp { get; init; }

    public double? ExpirySeconds { get; init; }

    /// <summary>JSON object; null: the deployment's.</summary>
    public string? Parameters { get; init; }

    public required DateTimeOffset AdvancedThrough { get; init; }
}

/// <summary>The scheduler's questions to the store, over a session of its own that it keeps. Each costs by what waits or is held, not by the history.</summary>
public sealed class WaitingRuns(Database database) : IAsyncDisposable
{
    internal const string Loads = """
        SELECT q.name, q.paused, q.concurrency_limit, q.priority, (SELECT COUNT(*) FROM flow_runs r WHERE r.lease_agent IS NOT NULL AND r.queue = q.name)
        FROM work_queues q
        """;

    // A limit, for a driver reads what it does not want before it asks the next question; and no condition on the time, which would have the
    // database pass over everything that is due later.
    internal const string Waiting = """
        SELECT id, queue, priority, due_at, tags FROM flow_runs
        WHERE state_type = 'Scheduled' AND queue = $1 AND (priority, due_at, id) > ($2, $3, $4) ORDER BY priority, due_at, id LIMIT $5
        """;

    internal const string Limits = "SELECT l.name, l.slots, (SELECT COUNT(*) FROM concurrency_slots s WHERE s.limit_name = l.name) FROM concurrency_limits l";

    internal const string NextDue = "SELECT due_at FROM flow_runs WHERE state_type = 'Scheduled' AND due_at > $1 ORDER BY due_at LIMIT 1";

    internal const string Schedules = """
        SELECT s.id, s.deployment_id, d.flow_name || '/' || d.name, s.cron, s.interval_seconds, s.anchor_date, s.rrule, s.time_zone, s.catch_up, s.expiry_seconds, s.parameters, s.advanced_through
        FROM schedules s JOIN deployments d ON d.id = s.deployment_id WHERE s.active ORDER BY s.id
        """;

    const int SmallestPage = 8;
    const int LargestPage = 1_000;
    ReadSession? _session;

    /// <summary>The defined queues.</summary>
    public async ValueTask<IReadOnlyList<QueueLoad>> ReadLoads(CancellationToken cancellation)
    {
        return (await Session(cancellation)).Query(Loads).ReadAll(rows => new QueueLoad(rows.Text(0), rows.Bool(1), rows.IntOrNull(2), rows.Int(3), rows.Int(4)));
    }

    /// <summary>The limited tags.</summary>
    public async ValueTask<IReadOnlyList<TagLoad>> ReadLimits(CancellationToken cancellation)
    {
        return (await Session(cancellation)).Query(Limits).ReadAll(rows => new TagLoad(rows.Text(0), rows.Int(1), rows.Int(2)));
    }

    /// <summary>
    /// The runs of a queue that are due, in the order in which they are to start, of those that <paramref name="wanted"/> holds of; it
    /// reads on until it has <paramref name="most"/>, so that many runs that nobody can take hide none behind them.
    /// </summary>
    public async ValueTask<IReadOnlyList<WaitingRun>> ReadDue(string queue, DateTimeOffset now, int most, Func<WaitingRun, bool> wanted, CancellationToken cancellation)
    {
        var session = await Session(cancellation);
        var due = new List<WaitingRun>();
        var after = (Priority: int.MinValue, DueAt: DateTimeOffset.MinValue, Id: Guid.Empty);
        for (var page = Math.Clamp(most, SmallestPage, LargestPage); ; page = Math.Min(page * 2, LargestPage))
        {
            var read = 0;
            using var rows = session.Query(Waiting, queue, after.Priority, after.DueAt, after.Id, page);
            while (due.Count < most && rows.Next())
            {
                read++;
                var run = new WaitingRun(rows.Id(0), rows.Text(1), rows.Int(2), rows.Instant(3), ReadTags(rows.Text(4)));
                // The rest of its priority is due later still.
                after = run.DueAt <= now ? (run.Priority, run.DueAt, run.Id) : (run.Priority, DateTimeOffset.MaxValue, Guid.AllBitsSet);
                if (run.DueAt > now)
                    break;
                if (wanted(run))
                    due.Add(run);
            }

            if (due.Count == most || read == 0 || (read < page && after.DueAt <= now))
                return due;
        }
    }

    /// <summary>When the next waiting run falls due; null: none waits for its time.</summary>
    public async ValueTask<DateTimeOffset?> ReadNextDue(DateTimeOffset now, CancellationToken cancellation) =>
        (await Session(cancellation)).Number(NextDue, now) is { } at ? Microseconds.ToInstant(at) : null;

    public async ValueTask<IReadOnlyList<ActiveSchedule>> ReadSchedules(CancellationToken cancellation)
    {
        return (await Session(cancellation)).Query(Schedules).ReadAll(rows => new ActiveSchedule
        {
            Id = rows.Id(0),
            DeploymentId = rows.Id(1),
            DeploymentName = rows.Text(2),
            Cron = rows.TextOrNull(3),
            IntervalSeconds = rows.DoubleOrNull(4),
            AnchorDate = rows.InstantOrNull(5),
            Rrule = rows.TextOrNull(6),
            TimeZone = rows.TextOrNull(7),
            CatchUp = rows.Text(8),
            ExpirySeconds = rows.DoubleOrNull(9),
            Parameters = rows.TextOrNull(10),
            AdvancedThrough = rows.Instant(11),
        });
    }

    /// <summary>Lets go of the session after a fault; the next question opens another.</summary>
    public async ValueTask Reset()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => Reset();

    static IReadOnlyList<string> ReadTags(string json)
    {
        if (json == "[]")
            return [];
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(tag => tag.GetString()!)];
    }

    async ValueTask<ReadSession> Session(CancellationToken cancellation) => _session ??= await database.OpenReadSession(cancellation);
}
