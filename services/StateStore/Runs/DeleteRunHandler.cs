using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Runs;

/// <summary>
/// Removes an ended run with its nested runs, tasks, artifacts and log lines. It goes in bounded pieces, each a write of its own, so
/// that others never wait long; the run itself goes last, so that a deletion that was cut short can be repeated.
/// </summary>
sealed class DeleteRunHandler(DatabaseWriter writer, RunTransitions transitions, Action<Guid>? removeFiles)
{
    const int Piece = 2000;
    const string NestedOf = "SELECT id FROM flow_runs WHERE parent_run_id = $1";

    // Each deletes at most a piece, found by its key's first columns.
    static readonly string[] Pieces =
    [
        $"DELETE FROM log_lines WHERE (run_id, source, number) IN (SELECT run_id, source, number FROM log_lines WHERE run_id = $1 LIMIT {Piece})",
        $"DELETE FROM task_run_states WHERE (task_id, sequence, state_type) IN (SELECT s.task_id, s.sequence, s.state_type FROM task_runs t JOIN task_run_states s ON s.task_id = t.id WHERE t.run_id = $1 LIMIT {Piece})",
        $"DELETE FROM task_edges WHERE (run_id, to_task, from_task, name) IN (SELECT run_id, to_task, from_task, name FROM task_edges WHERE run_id = $1 LIMIT {Piece})",
        $"DELETE FROM progress WHERE (run_id, subject_id) IN (SELECT run_id, subject_id FROM progress WHERE run_id = $1 LIMIT {Piece})",
        $"DELETE FROM artifacts WHERE id IN (SELECT id FROM artifacts WHERE run_id = $1 LIMIT {Piece})",
        $"DELETE FROM allocations WHERE (run_id, key, array_index) IN (SELECT run_id, key, array_index FROM allocations WHERE run_id = $1 LIMIT {Piece})",
        $"DELETE FROM allocation_tasks WHERE (run_id, key, array_index, task_id) IN (SELECT run_id, key, array_index, task_id FROM allocation_tasks WHERE run_id = $1 LIMIT {Piece})",
        $"DELETE FROM task_runs WHERE id IN (SELECT id FROM task_runs WHERE run_id = $1 LIMIT {Piece})",
        $"DELETE FROM flow_run_states WHERE (run_id, version) IN (SELECT run_id, version FROM flow_run_states WHERE run_id = $1 LIMIT {Piece})",
    ];

    static readonly string[] Last =
    [
        "DELETE FROM flow_run_tags WHERE run_id = $1",
        "DELETE FROM flow_run_parameters WHERE run_id = $1",
        "DELETE FROM flow_run_contents WHERE run_id = $1",
    ];

    const string DeleteRow = "DELETE FROM flow_runs WHERE id = $1";

    public async ValueTask<CommandAnswered> Handle(DeleteRun message, CancellationToken cancellation)
    {
        var record = await writer.Write(session => FlowRunTable.Load(session, message.RunId), cancellation);
        if (record is null)
            return new CommandAnswered(CommandOutcome.NotFound, $"there is no run {message.RunId}") { Field = "runId" };
        if (record.ParentRunId is { } parent)
            return Refused(record, $"run '{record.Name}' is part of run {parent}: delete that one");
        if (!record.Run.State.Type.IsFinal())
            return Refused(record, $"run '{record.Name}' is {record.Run.State.Name}: cancel it first");
        if (!await Delete(record, cancellation))
            return Refused(record, $"run '{record.Name}' was started again meanwhile");
        removeFiles?.Invoke(message.RunId);
        return new CommandAnswered(CommandOutcome.Accepted, null, message.RunId, record.Run.Version);
    }

    static CommandAnswered Refused(FlowRunRecord record, string reason) => new(CommandOutcome.Refused, reason, record.Run.Id, record.Run.Version) { Field = "runId" };

    async Task<bool> Delete(FlowRunRecord record, CancellationToken cancellation)
    {
        var id = record.Run.Id;
        foreach (var nested in await writer.Write(session => Nested(session, id), cancellation))
        {
            if (!await Delete(nested, cancellation))
                return false;
        }

        foreach (var sql in Pieces)
        {
            var deleted = Piece;
            while (deleted == Piece)
                deleted = await writer.Write(session => IsUnchanged(session, record) ? session.Execute(sql, id) : -1, cancellation);
            if (deleted < 0)
                return false;
        }

        return await writer.Write(session => DeleteLast(session, record), cancellation);
    }

    bool DeleteLast(WriteSession session, FlowRunRecord record)
    {
        if (!IsUnchanged(session, record))
            return false;
        foreach (var sql in Last)
            session.Post(sql, record.Run.Id);
        // Another deletion of the same run may have been faster: who removes the row counts it.
        if (session.Execute(DeleteRow, record.Run.Id) > 0)
            RunCounts.Remove(session, record);
        transitions.Announce(session, record with { Run = record.Run with { State = record.Run.State with { Name = "Deleted" }, Version = record.Run.Version + 1 } });
        return true;
    }

    // Gone counts as unchanged: another deletion of the same run was faster.
    static bool IsUnchanged(WriteSession session, FlowRunRecord record) => FlowRunTable.Load(session, record.Run.Id) is not { } now || now.Run.Version == record.Run.Version;

    static List<FlowRunRecord> Nested(WriteSession session, Guid id)
    {
        var ids = new List<Guid>();
        using (var rows = session.Query(NestedOf, id))
        {
            while (rows.Next())
                ids.Add(rows.Id(0));
        }

        return ids.ConvertAll(nested => FlowRunTable.Load(session, nested)!);
    }
}
