using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.Agents;

/// <summary>An agent with how many runs it holds.</summary>
public readonly record struct AgentWithRuns(AgentRow Agent, int Runs);

/// <summary>Agents.</summary>
public sealed class AgentLists(Database database)
{
    const string Columns = """
        SELECT a.id, a.name, a.host, a.queues, a.tags, a.slots, a.free_slots, a.sequence, a.version, a.online, a.first_seen, a.last_seen,
        (SELECT count(*) FROM flow_runs r WHERE r.lease_agent = a.id) FROM agents a
        """;

    const string Every = $"{Columns} ORDER BY a.last_seen DESC, a.id";
    const string ById = $"{Columns} WHERE a.id = $1";

    /// <summary>All agents, the one heard of last first.</summary>
    public async Task<IReadOnlyList<AgentWithRuns>> All(CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session.Query(Every));
    }

    public async Task<AgentWithRuns?> Find(string id, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        return Read(session.Query(ById, id)) is [var found] ? found : null;
    }

    static List<AgentWithRuns> Read(SqlRows rows) => rows.ReadAll(row => new AgentWithRuns(
        new AgentRow
        {
            Id = row.Text(0),
            Name = row.Text(1),
            Host = row.Text(2),
            Queues = row.Text(3),
            Tags = row.Text(4),
            Slots = row.Int(5),
            FreeSlots = row.Int(6),
            Sequence = row.Long(7),
            Version = row.Text(8),
            Online = row.Bool(9),
            FirstSeen = row.Instant(10),
            LastSeen = row.Instant(11),
        },
        row.Int(12)));
}
