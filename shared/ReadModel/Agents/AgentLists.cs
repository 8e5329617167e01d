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

    static List<AgentWithRuns> Read(SqlRows rows)
    {
        var all = new List<AgentWithRuns>();
        using (rows)
        {
            while (rows.Next())
            {
                all.Add(new AgentWithRuns(
                    new AgentRow
                    {
                        Id = rows.Text(0),
                        Name = rows.Text(1),
                        Host = rows.Text(2),
                        Queues = rows.Text(3),
                        Tags = rows.Text(4),
                        Slots = rows.Int(5),
                        FreeSlots = rows.Int(6),
                        Sequence = rows.Long(7),
                        Version = rows.Text(8),
                        Online = rows.Bool(9),
                        FirstSeen = rows.Instant(10),
                        LastSeen = rows.Instant(11),
                    },
                    rows.Int(12)));
            }
        }

        return all;
    }
}
