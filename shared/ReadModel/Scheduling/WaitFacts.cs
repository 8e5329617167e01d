using System.Text.Json;
using Holoflow.Persistence;
using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.Scheduling;

/// <summary>A run that takes one of the queue's places.</summary>
public sealed record HoldingRun(Guid Id, string Name, string Agent, DateTimeOffset Since)
{
    /// <summary>The task of the run that holds it; null: the run itself.</summary>
    public Guid? TaskId { get; init; }

    /// <summary>The name of that task.</summary>
    public string? TaskName { get; init; }
}

/// <summary>An agent that serves the queue.</summary>
public sealed record ServingAgent(string Name, IReadOnlyList<string> Tags, int Slots, int FreeSlots, bool Online, DateTimeOffset LastSeen);

/// <summary>A tag of the run whose slots are all held, and by whom.</summary>
public sealed record FullTag(string Tag, int Slots, IReadOnlyList<HoldingRun> Holding);

/// <summary>Tasks of a run that wait for a slot of a concurrency limit.</summary>
/// <param name="Count">How many.</param>
/// <param name="Since">Since when the first of them has waited.</param>
/// <param name="Limit">The limit, and who holds its slots.</param>
public sealed record TasksAwaitingSlot(int Count, DateTimeOffset Since, FullTag Limit);

/// <summary>Tasks of a run that wait for a cluster, all for one reason.</summary>
/// <param name="Count">How many.</param>
/// <param name="Message">The reason, down to the scheduler's own.</param>
/// <param name="Since">Since when the first of them has waited for it.</param>
public sealed record WaitingTasks(int Count, string Message, DateTimeOffset Since);

/// <summary>A run's own Slurm job, which waits.</summary>
/// <param name="JobId">Slurm's id.</param>
/// <param name="Cluster">The cluster profile.</param>
/// <param name="Message">Slurm's reason, in plain words.</param>
/// <param name="ExpectedAt">When Slurm expects it to start.</param>
/// <param name="Since">When it was submitted.</param>
public sealed record WaitingJob(long? JobId, string Cluster, string Message, DateTimeOffset? ExpectedAt, DateTimeOffset Since);

/// <summary>All that decides whether a run can start, and whether its tasks can.</summary>
public sealed record WaitFacts
{
    public required string RunName { get; init; }

    public required string StateType { get; init; }

    public required string StateName { get; init; }

    public string? StateMessage { get; init; }

    public Guid? ParentRunId { get; init; }

    public required string Queue { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    public bool QueuePaused { get; init; }

    public int? QueueLimit { get; init; }

    /// <summary>The runs of the queue that agents hold; read only where the queue has a limit.</summary>
    public IReadOnlyList<HoldingRun> Holding { get; init; } = [];

    /// <summary>Its tags that have a limit and no free slot.</summary>
    public IReadOnlyList<FullTag> FullTags { get; init; } = [];

    /// <summary>Runs of the queue that are due and go first.</summary>
    public int Ahead { get; init; }

    /// <summary>The agents that serve the queue, whether online or not.</summary>
    public IReadOnlyList<ServingAgent> Agents { get; init; } = [];

    /// <summary>Its tasks that wait for an allocation of a cluster; read only where it runs.</summary>
    public IReadOnlyList<WaitingTasks> AwaitingAllocation { get; init; } = [];

    /// <summary>The job that the run is, while it waits in the queue of its cluster.</summary>
    public WaitingJob? OwnJob { get; init; }

    const string WaitingOwnJob = """
        SELECT job_id, cluster, COALESCE(message, state), expected_at, requested_at FROM allocations WHERE run_id = $1 AND phase = 'Waiting' AND key LIKE 'flow-%' ORDER BY changed_at DESC LIMIT 1
        """;

    /// <summary>Its tasks that wait for a slot; read only where it runs.</summary>
    public IReadOnlyList<TasksAwaitingSlot> AwaitingSlots { get; init; } = [];

    const string WaitsOfRun = """
        SELECT w.limit_name, COUNT(*), MIN(w.asked_at), l.slots FROM slot_requests q JOIN slot_waits w ON w.request = q.id JOIN concurrency_limits l ON l.name = w.limit_name
        WHERE q.run_id = $1 GROUP BY w.limit_name, l.slots ORDER BY w.limit_name
        """;

    const string AwaitingAllocations = """
        SELECT COUNT(*), COALESCE(state_message, ''), MIN(state_at) FROM task_runs WHERE run_id = $1 AND state_type = 'Pending' AND state_name = 'AwaitingAllocation'
        GROUP BY state_message ORDER BY COUNT(*) DESC LIMIT 10
        """;

    const string Run = """
        SELECT r.name, r.state_type, r.state_name, r.state_message, r.parent_run_id, r.queue, r.tags, r.due_at, COALESCE(q.paused, FALSE), q.concurrency_limit, r.priority
        FROM flow_runs r LEFT JOIN work_queues q ON q.name = r.queue WHERE r.id = $1
        """;

    internal const string Holders = "SELECT id, name, lease_agent, state_at FROM flow_runs WHERE lease_agent IS NOT NULL AND queue = $1 ORDER BY state_at LIMIT 100";

    const string SlotsOfTag = "SELECT slots FROM concurrency_limits WHERE name = $1";

    const string HoldersOfTag = """
        SELECT r.id, r.name, COALESCE(r.lease_agent, ''), COALESCE(q.granted_at, r.state_at), t.id, t.run_name
        FROM concurrency_slots s JOIN flow_runs r ON r.id = s.run_id LEFT JOIN slot_requests q ON q.id = s.holder LEFT JOIN task_runs t ON t.id = q.task_id
        WHERE s.limit_name = $1 ORDER BY 4, s.holder LIMIT 100
        """;

    internal const string CountAhead = """
        SELECT COUNT(*) FROM (SELECT 1 FROM flow_runs WHERE state_type = 'Scheduled' AND queue = $1 AND due_at <= $2
        AND (priority < $3 OR (priority = $3 AND (due_at < $4 OR (due_at = $4 AND id < $5)))) LIMIT 1000) AS ahead
        """;

    const string Serving = "SELECT name, tags, slots, free_slots, online, last_seen, queues FROM agents ORDER BY last_seen DESC LIMIT 1000";

    /// <summary>Reads them; null where there is no such run.</summary>
    public static async Task<WaitFacts?> Read(Database database, Guid runId, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session, runId, now);
    }

    internal static WaitFacts? Read(SqlSession session, Guid runId, DateTimeOffset now)
    {
        if (ReadRun(session, runId) is not { Facts: var facts, Priority: var priority })
            return null;
        return facts with
        {
            OwnJob = facts.StateType == "Pending" ? ReadOwnJob(session, runId) : null,
            AwaitingAllocation = facts.StateType == "Running" ? ReadWaitingTasks(session, runId) : [],
            AwaitingSlots = facts.StateType == "Running" ? ReadAwaitingSlots(session, runId) : [],
            Holding = facts.QueueLimit is null ? [] : ReadHolders(session, Holders, facts.Queue),
            FullTags = ReadFullTags(session, facts.Tags),
            Ahead = (int)session.Number(CountAhead, facts.Queue, now, priority, facts.DueAt, runId)!.Value,
            Agents = ReadAgents(session, facts.Queue),
        };
    }

    static (WaitFacts Facts, int Priority)? ReadRun(SqlSession session, Guid runId)
    {
        using var rows = session.Query(Run, runId);
        if (!rows.Next())
            return null;
        var facts = new WaitFacts
        {
            RunName = rows.Text(0),
            StateType = rows.Text(1),
            StateName = rows.Text(2),
            StateMessage = rows.TextOrNull(3),
            ParentRunId = rows.IdOrNull(4),
            Queue = rows.Text(5),
            Tags = ReadTexts(rows.Text(6)),
            DueAt = rows.Instant(7),
            QueuePaused = rows.Bool(8),
            QueueLimit = rows.IntOrNull(9),
        };
        return (facts, rows.Int(10));
    }

    static WaitingJob? ReadOwnJob(SqlSession session, Guid run)
    {
        using var rows = session.Query(WaitingOwnJob, run);
        return rows.Next() ? new WaitingJob(rows.LongOrNull(0), rows.Text(1), rows.Text(2), rows.InstantOrNull(3), rows.Instant(4)) : null;
    }

    static List<WaitingTasks> ReadWaitingTasks(SqlSession session, Guid run)
    {
        return session.Query(AwaitingAllocations, run).ReadAll(rows => new WaitingTasks((int)rows.Long(0), rows.Text(1), rows.Instant(2)));
    }

    static List<FullTag> ReadFullTags(SqlSession session, IReadOnlyList<string> tags)
    {
        var full = new List<FullTag>();
        foreach (var tag in tags.Distinct(StringComparer.Ordinal))
        {
            if (session.Number(SlotsOfTag, tag) is { } slots && ReadHolders(session, HoldersOfTag, tag) is var holding && holding.Count >= slots)
                full.Add(new FullTag(tag, (int)slots, holding));
        }

        return full;
    }

    static List<TasksAwaitingSlot> ReadAwaitingSlots(SqlSession session, Guid run)
    {
        var waiting = session.Query(WaitsOfRun, run).ReadAll(rows => (Limit: rows.Text(0), Count: (int)rows.Long(1), Since: rows.Instant(2), Slots: rows.Int(3)));
        return waiting.ConvertAll(w => new TasksAwaitingSlot(w.Count, w.Since, new FullTag(w.Limit, w.Slots, ReadHolders(session, HoldersOfTag, w.Limit))));
    }

    static List<HoldingRun> ReadHolders(SqlSession session, string sql, string name)
    {
        var isOfTag = ReferenceEquals(sql, HoldersOfTag);
        return session.Query(sql, name).ReadAll(rows => new HoldingRun(rows.Id(0), rows.Text(1), rows.Text(2), rows.Instant(3)) { TaskId = isOfTag ? rows.IdOrNull(4) : null, TaskName = isOfTag ? rows.TextOrNull(5) : null });
    }

    static List<ServingAgent> ReadAgents(SqlSession session, string queue)
    {
        var agents = new List<ServingAgent>();
        using var rows = session.Query(Serving);
        while (rows.Next())
        {
            if (ReadTexts(rows.Text(6)).Contains(queue, StringComparer.Ordinal))
                agents.Add(new ServingAgent(rows.Text(0), ReadTexts(rows.Text(1)), rows.Int(2), rows.Int(3), rows.Bool(4), rows.Instant(5)));
        }

        return agents;
    }

    static IReadOnlyList<string> ReadTexts(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(text => text.GetString()!)];
    }
}
