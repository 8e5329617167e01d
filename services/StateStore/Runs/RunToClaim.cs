using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Definitions;

namespace Holoflow.StateStore.Runs;

/// <summary>All that a claim asks of a run, in one question: each further one would be a round trip between the offer and the start.</summary>
/// <param name="Record">The run, locked for a decision.</param>
/// <param name="Queue">What holds its queue's runs back; null for a queue that nobody defined.</param>
/// <param name="Parameters">A JSON object.</param>
/// <param name="Program">As it was stored.</param>
/// <param name="Limited">What has a concurrency limit.</param>
sealed record RunToClaim(FlowRunRecord Record, QueueLimits? Queue, string? Parameters, string? Program, IReadOnlyList<string> Limited)
{
    // No name holds a line end.
    const string NamesOnSqlite = "SELECT group_concat(name, char(10)) FROM concurrency_limits";
    const string NamesOnPostgresql = "SELECT string_agg(name, chr(10)) FROM concurrency_limits";
    const string OnSqlite = $"SELECT {FlowRunTable.Columns}, {Contents}, ({NamesOnSqlite}) FROM flow_runs WHERE id = $1";
    const string OnPostgresql = $"SELECT {FlowRunTable.Columns}, {Contents}, ({NamesOnPostgresql}) FROM flow_runs WHERE id = $1";

    const string Contents = """
        (SELECT c.parameters FROM flow_run_contents c WHERE c.run_id = flow_runs.id), (SELECT c.program FROM flow_run_contents c WHERE c.run_id = flow_runs.id),
        (SELECT q.paused FROM work_queues q WHERE q.name = flow_runs.queue), (SELECT q.concurrency_limit FROM work_queues q WHERE q.name = flow_runs.queue)
        """;

    /// <summary>Null where there is no such run.</summary>
    public static RunToClaim? Load(WriteSession session, Guid id)
    {
        using var rows = session.QueryLocking(session.Provider == DatabaseProvider.Sqlite ? OnSqlite : OnPostgresql, id);
        if (!rows.Next())
            return null;
        const int After = FlowRunTable.ColumnCount;
        return new RunToClaim(
            FlowRunTable.Read(rows),
            rows.BoolOrNull(After + 2) is { } paused ? new QueueLimits(paused, rows.IntOrNull(After + 3)) : null,
            rows.TextOrNull(After),
            rows.TextOrNull(After + 1),
            rows.TextOrNull(After + 4)?.Split('\n') ?? []);
    }
}
