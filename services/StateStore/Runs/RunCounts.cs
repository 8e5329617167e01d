using Holoflow.Persistence;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Runs;

/// <summary>
/// How many runs there are in each state, by flow, deployment and queue and by the hour of their creation, kept in the transaction that changes the run.
/// </summary>
/// <remarks>
/// One row for all would make every commit of every process wait for the one before; rows of changes that somebody adds up later would make each
/// reader add up the rest. So each process counts in a shard of its own, once a group of writes, and a reader adds up a few shards.
/// </remarks>
static class RunCounts
{
    const string Count = """
        INSERT INTO run_counts (state_type, flow_name, deployment_id, queue, shard, runs) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (state_type, flow_name, deployment_id, queue, shard) DO UPDATE SET runs = run_counts.runs + excluded.runs
        """;

    const string CountHour = """
        INSERT INTO run_hours (hour, state_type, shard, runs) VALUES ($1, $2, $3, $4)
        ON CONFLICT (hour, state_type, shard) DO UPDATE SET runs = run_hours.runs + excluded.runs
        """;

    const int Shards = 8;
    const long Hour = 3_600_000_000;
    static readonly int OwnShard = Random.Shared.Next(Shards);

    public static void Add(WriteSession session, FlowRunRecord run) => Change(session, run, 1);

    public static void Remove(WriteSession session, FlowRunRecord run) => Change(session, run, -1);

    public static void Move(WriteSession session, FlowRunRecord before, FlowRunRecord after)
    {
        if (before.Run.State.Type == after.Run.State.Type)
            return;
        Remove(session, before);
        Add(session, after);
    }

    static void Change(WriteSession session, FlowRunRecord run, long by)
    {
        var state = FlowRunTable.Text(run.Run.State.Type);
        var shard = session.Provider == DatabaseProvider.Sqlite ? 0 : OwnShard;
        session.AddUp(Count, (state, run.FlowName, run.DeploymentId ?? Guid.Empty, run.Queue, shard), by);
        session.AddUp(CountHour, (Microseconds.Of(run.CreatedAt) / Hour, state, shard), by);
    }
}
