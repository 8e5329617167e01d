using Holoflow.Domain.FlowRuns;
using Holoflow.Domain.TaskRuns;
using Holoflow.Persistence;
using Holoflow.Persistence.Sql;

namespace Holoflow.StateStore.Histories;

/// <summary>What a check of all histories found.</summary>
/// <param name="Runs">How many flow runs were looked at.</param>
/// <param name="Tasks">How many task runs.</param>
/// <param name="Faults">What is wrong, each in one line that names the run; at most <see cref="HistoryCheck.MostFaults"/>.</param>
public sealed record HistoryFindings(long Runs, long Tasks, IReadOnlyList<string> Faults);

/// <summary>
/// Verifies the history of every flow run and task run against the machines, the rows against their histories, and the counts against the rows. It only reads, each kind
/// in one statement, so that a living installation is seen as it was at one moment.
/// </summary>
public static class HistoryCheck
{
    /// <summary>After so many faults it looks no further: the database is not to be trusted.</summary>
    public const int MostFaults = 1000;

    const string Runs = """
        SELECT r.id, r.parent_run_id, r.state_type, r.version, r.lease_agent, r.ended_at, s.version, s.state_type, s.state_name, s.at, s.epoch, s.agent
        FROM flow_runs r LEFT JOIN flow_run_states s ON s.run_id = r.id ORDER BY r.id, s.version
        """;

    const string Tasks = """
        SELECT t.id, t.run_id, t.state_type, s.state_type FROM task_runs t LEFT JOIN task_run_states s ON s.task_id = t.id
        ORDER BY t.id, s.sequence, CASE WHEN s.state_type IN ('Pending', 'Running', 'Paused') THEN 0 ELSE 1 END, s.at
        """;

    const string DeadHolders = """
        SELECT s.run_id, s.limit_name FROM concurrency_slots s LEFT JOIN flow_runs r ON r.id = s.run_id WHERE r.lease_agent IS NULL LIMIT 100
        """;

    const string Ownerless = "SELECT DISTINCT s.run_id FROM flow_run_states s LEFT JOIN flow_runs r ON r.id = s.run_id WHERE r.id IS NULL LIMIT 100";

    /// <exception cref="DatabaseException">The database cannot be read.</exception>
    public static async Task<HistoryFindings> Run(Database database, CancellationToken cancellation = default)
    {
        var faults = new List<string>();
        await using var session = await database.OpenReadSession(cancellation);
        var runs = CheckRuns(session, faults, cancellation);
        var tasks = CheckTasks(session, faults, cancellation);
        using (var ownerless = session.Query(Ownerless))
        {
            while (ownerless.Next())
                faults.Add($"flow run {ownerless.Id(0)}: it has a history and no row");
        }

        using (var dead = session.Query(DeadHolders))
        {
            while (dead.Next())
                faults.Add($"flow run {dead.Id(0)}: it holds a slot of '{dead.Text(1)}' and nobody holds it");
        }

        faults.AddRange(CountCheck.Faults(session));
        return new HistoryFindings(runs, tasks, faults);
    }

    static long CheckRuns(ReadSession session, List<string> faults, CancellationToken cancellation)
    {
        using var rows = session.Query(Runs);
        var (count, steps) = (0L, new List<FlowRunStep>());
        RunRow? run = null;
        while (faults.Count < MostFaults && rows.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            if (run?.Id != rows.Id(0))
            {
                Note(run, steps, faults);
                (run, count) = (new RunRow(rows.Id(0), rows.IdOrNull(1) is not null, rows.Text(2), rows.Long(3), rows.TextOrNull(4), rows.InstantOrNull(5)), count + 1);
                steps.Clear();
            }

            if (rows.LongOrNull(6) is { } version && Enum.TryParse<RunStateType>(rows.Text(7), out var type))
                steps.Add(new FlowRunStep(version, type, rows.Text(8), rows.Instant(9), rows.Long(10), rows.TextOrNull(11)));
        }

        Note(run, steps, faults);
        return count;
    }

    static void Note(RunRow? run, List<FlowRunStep> steps, List<string> faults)
    {
        if (run is not null && (FaultOf(run, steps) ?? (run.IsNested ? FlowRunHistory.FirstNestedFault(steps) : FlowRunHistory.FirstFault(steps))) is { } fault)
            faults.Add($"flow run {run.Id}: {fault}");
    }

    static string? FaultOf(RunRow run, List<FlowRunStep> steps)
    {
        if (steps is [] || !Enum.TryParse<RunStateType>(run.State, out var state))
            return steps is [] ? "it has no history" : $"'{run.State}' is no state";
        if (steps[^1].Type != state || steps[^1].Version != run.Version)
            return $"it is {state} at version {run.Version}, but its history ends with {steps[^1].Type} at version {steps[^1].Version}";
        if (state.IsFinal() != run.EndedAt is not null)
            return state.IsFinal() ? $"it is {state} and has no time of its end" : $"it is {state} and has a time of its end";
        if (state.IsFinal() && run.LeaseAgent is not null)
            return $"it is {state} and agent '{run.LeaseAgent}' holds it still";
        return state is RunStateType.Pending or RunStateType.Running or RunStateType.Cancelling && !run.IsNested && run.LeaseAgent is null ? $"it is {state} and nobody holds it" : null;
    }

    static long CheckTasks(ReadSession session, List<string> faults, CancellationToken cancellation)
    {
        using var rows = session.Query(Tasks);
        var (count, isFaulty) = (0L, false);
        Guid? task = null;
        TaskStateType? before = null;
        while (faults.Count < MostFaults && rows.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            var (id, run) = (rows.Id(0), rows.Id(1));
            if (task != id)
                (task, before, count, isFaulty) = (id, null, count + 1, false);
            if (isFaulty)
                continue;
            if (FaultOf(before, rows.TextOrNull(3), out var type) is { } fault)
            {
                isFaulty = true;
                faults.Add($"task run {id} of flow run {run}: {fault}");
            }

            before = type;
        }

        return count;
    }

    static string? FaultOf(TaskStateType? before, string? text, out TaskStateType type)
    {
        if (!Enum.TryParse(text, out type))
            return text is null ? "it has no history" : $"'{text}' is no state";
        if (before is not { } from)
            return type == TaskStateType.Pending ? null : $"its history begins with {type}, not Pending";
        return TaskRunMachine.IsLegal(from, type) ? null : $"a task run cannot go from {from} to {type}";
    }

    sealed record RunRow(Guid Id, bool IsNested, string State, long Version, string? LeaseAgent, DateTimeOffset? EndedAt);
}
