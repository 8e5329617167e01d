using Holoflow.Contracts;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Tasks;

/// <summary>The jobs of runs on clusters. What is told twice, or late, changes nothing.</summary>
static class AllocationTable
{
    const string Upsert = """
        INSERT INTO allocations (run_id, key, array_index, cluster, job_id, phase, state, message, node, expected_at, requested_at, started_at, ended_at, changed_at, partition, waited_for)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $11, $14, $15)
        ON CONFLICT (run_id, key, array_index) DO UPDATE SET cluster = excluded.cluster, job_id = COALESCE(excluded.job_id, allocations.job_id), phase = excluded.phase, state = excluded.state,
        message = excluded.message, node = COALESCE(excluded.node, allocations.node), expected_at = excluded.expected_at, started_at = COALESCE(allocations.started_at, excluded.started_at),
        ended_at = excluded.ended_at, changed_at = excluded.changed_at, partition = COALESCE(excluded.partition, allocations.partition),
        waited_for = COALESCE(excluded.waited_for, allocations.waited_for) WHERE allocations.changed_at <= excluded.changed_at
        """;

    const string InsertTask = "INSERT INTO allocation_tasks (run_id, key, array_index, task_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

    public static void Save(WriteSession session, Guid run, AllocationReport allocation, DateTimeOffset at)
    {
        SaveJob(session, run, allocation, at);
        foreach (var task in allocation.Tasks ?? [])
            session.Post(InsertTask, run, allocation.Key, allocation.ArrayIndex ?? -1, task);
    }

    static void SaveJob(WriteSession session, Guid run, AllocationReport allocation, DateTimeOffset at) => session.Post(
        Upsert,
        run,
        allocation.Key,
        allocation.ArrayIndex ?? -1,
        allocation.Cluster,
        allocation.JobId,
        allocation.Phase.ToString(),
        allocation.State,
        allocation.Message,
        allocation.Node,
        allocation.ExpectedAt,
        at,
        allocation.Phase == AllocationPhase.Running ? (DateTimeOffset?)at : null,
        allocation.Phase == AllocationPhase.Ended ? (DateTimeOffset?)at : null,
        allocation.Partition,
        allocation.Phase == AllocationPhase.Waiting ? allocation.Message : null);
}
