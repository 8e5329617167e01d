using Holoflow.Contracts;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Agents;

/// <summary>Remembers what agents last told of themselves, for people to read.</summary>
static class AgentTable
{
    // A restarted agent counts from 1 again: what is newer is told by time, within one second by sequence.
    const string Upsert = """
        INSERT INTO agents (id, name, host, queues, tags, slots, free_slots, sequence, version, online, first_seen, last_seen)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, host = excluded.host, queues = excluded.queues, tags = excluded.tags, slots = excluded.slots,
        free_slots = excluded.free_slots, sequence = excluded.sequence, version = excluded.version, online = excluded.online, last_seen = excluded.last_seen
        WHERE excluded.sequence > agents.sequence OR agents.last_seen < excluded.last_seen - 1000000
        """;

    public static void Save(WriteSession session, AgentCapacityChanged agent, DateTimeOffset now) => session.Post(
        Upsert,
        agent.AgentId,
        agent.Name,
        agent.Host,
        StoreFormat.Tags(agent.Queues),
        StoreFormat.Tags(agent.Tags),
        agent.Slots,
        agent.FreeSlots,
        agent.Sequence,
        agent.Version,
        agent.Online,
        now);
}
