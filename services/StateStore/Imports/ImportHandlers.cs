using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Persistence.Copies;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;

namespace Holoflow.StateStore.Imports;

/// <summary>
/// Takes in a run that was exported elsewhere. What belongs to it comes first, in pieces; nobody sees that before the last piece, which makes the run
/// itself, in one transaction. A run that is there is never added to.
/// </summary>
sealed class ImportHandlers(RunTransitions transitions)
{
    const int LongestText = 500;
    const string Exists = "SELECT COUNT(*) FROM flow_runs WHERE id = $1";
    const string RunOfTask = "SELECT run_id FROM task_runs WHERE id = $1";
    const string RunOfArtifact = "SELECT run_id FROM artifacts WHERE id = $1";
    const string TakenKey = "SELECT COUNT(*) FROM flow_runs WHERE idempotency_key = $1";
    const string TakenFireTime = "SELECT COUNT(*) FROM flow_runs WHERE schedule_id = $1 AND fire_time = $2";

    static readonly RunTable[] Beforehand = [RunTable.Tasks, RunTable.TaskStates, RunTable.Edges, RunTable.Progress, RunTable.Artifacts, RunTable.Allocations, RunTable.AllocationTasks];
    static readonly RunTable[] WithTheRun = [RunTable.Contents, RunTable.Parameters, RunTable.Tags, RunTable.States, RunTable.Runs];

    static readonly string[] Leftovers =
    [
        "DELETE FROM log_lines WHERE run_id = $1",
        "DELETE FROM task_run_states WHERE task_id IN (SELECT id FROM task_runs WHERE run_id = $1)",
        "DELETE FROM task_edges WHERE run_id = $1",
        "DELETE FROM progress WHERE run_id = $1",
        "DELETE FROM artifacts WHERE run_id = $1",
        "DELETE FROM allocations WHERE run_id = $1",
        "DELETE FROM allocation_tasks WHERE run_id = $1",
        "DELETE FROM task_runs WHERE run_id = $1",
    ];

    public CommandAnswered Add(WriteSession session, ImportRows message)
    {
        if (RunTable.Named(message.Table) is not { } table || !Beforehand.Contains(table))
            return Refused($"'{message.Table}' is no table that is imported so");
        if (Read(table, message, out var mistake) is not { } rows)
            return Refused(mistake!);
        var checkedOwners = new HashSet<Guid>();
        foreach (var row in rows)
        {
            var owner = (Guid)row[table.OwnerAt]!;
            if (checkedOwners.Add(owner) && FaultOfOwner(session, table, owner) is { } fault)
                return Refused(fault);
        }

        foreach (var row in rows)
        {
            if (session.Execute(table.Insert, row) == 0 && IsOfAnother(session, table, row) is { } other)
                return Refused(other);
        }

        return new CommandAnswered(CommandOutcome.Accepted);
    }

    public CommandAnswered Finish(WriteSession session, ImportRun message, DateTimeOffset now)
    {
        var parts = new Dictionary<RunTable, IReadOnlyList<object?[]>>();
        foreach (var part in message.Parts)
        {
            if (RunTable.Named(part.Table) is not { } table || !WithTheRun.Contains(table) || parts.ContainsKey(table))
                return Refused($"'{part.Table}' is no table that is imported so");
            if (Read(table, part, out var mistake) is not { } rows)
                return Refused(mistake!);
            parts.Add(table, rows);
        }

        var runs = parts.GetValueOrDefault(RunTable.Runs, []).Select(row => new ImportedRun(row)).ToList();
        if (FaultOf(session, message.RunId, runs, parts) is { } fault)
            return Refused(fault);
        foreach (var run in runs)
        {
            NewFlowRun.AddFlow(session, run.FlowName, now);
            if (session.Execute(RunTable.Runs.Insert, run.Values) == 0)
                throw new InvalidOperationException($"run {run.Id} was taken while it was imported");
            RunCounts.Add(session, FlowRunTable.Load(session, run.Id)!);
        }

        foreach (var table in WithTheRun.Where(t => t != RunTable.Runs))
        {
            foreach (var row in parts.GetValueOrDefault(table, []))
                session.Post(table.Insert, row);
        }

        transitions.Announce(session, FlowRunTable.Load(session, message.RunId)!);
        return new CommandAnswered(CommandOutcome.Accepted, null, message.RunId);
    }

    public static CommandAnswered Forget(WriteSession session, ForgetImport message)
    {
        foreach (var run in message.Runs.Where(run => session.Number(Exists, run) == 0))
        {
            foreach (var sql in Leftovers)
                session.Post(sql, run);
        }

        return new CommandAnswered(CommandOutcome.Accepted);
    }

    static CommandAnswered Refused(string reason) => new(CommandOutcome.Refused, reason);

    static List<object?[]>? Read(RunTable table, ImportRows message, out string? mistake)
    {
        mistake = null;
        var rows = new List<object?[]>(message.Rows.Count);
        foreach (var row in message.Rows)
        {
            if (CopiedRow.Read(table, row, out mistake) is not { } values)
                return null;
            rows.Add(values);
        }

        return rows;
    }

    static string? FaultOfOwner(WriteSession session, RunTable table, Guid owner)
    {
        var run = owner;
        if (table == RunTable.TaskStates)
        {
            using var rows = session.Query(RunOfTask, owner);
            if (!rows.Next())
                return $"it holds states of task run {owner}, but not the task run";
            run = rows.Id(0);
        }

        return session.Number(Exists, run) > 0 ? $"run {run} is there already" : null;
    }

    // A repeat finds its rows there; those of another run are not its own.
    static string? IsOfAnother(WriteSession session, RunTable table, object?[] row)
    {
        if (table != RunTable.Tasks && table != RunTable.Artifacts)
            return null;
        using var rows = session.Query(table == RunTable.Tasks ? RunOfTask : RunOfArtifact, row[0]);
        return rows.Next() && rows.Id(0) == (Guid)row[table.OwnerAt]! ? null : $"the id {row[0]} in {table.Name} is that of something in another run";
    }

    static string? FaultOf(WriteSession session, Guid id, List<ImportedRun> runs, Dictionary<RunTable, IReadOnlyList<object?[]>> parts)
    {
        if (runs.Count == 0 || runs[0].Id != id || runs[0].ParentRunId is not null)
            return $"the first of its runs must be {id}, which is part of no other";
        var ids = runs.Select(r => r.Id).ToHashSet();
        if (ids.Count != runs.Count || runs.Skip(1).Any(r => r.ParentRunId is not { } parent || !ids.Contains(parent)))
            return "its nested runs are not nested in it";
        foreach (var run in runs)
        {
            if (session.Number(Exists, run.Id) > 0)
                return $"run {run.Id} is there already";
            if (run.Fault(Steps(parts, run.Id)) is { } fault)
                return $"run {run.Id}: {fault}";
            if (run.IdempotencyKey is { } key && session.Number(TakenKey, key) > 0)
                return $"run {run.Id} has an idempotency key that another run has";
            if (run is { ScheduleId: { } schedule, FireTime: { } at } && session.Number(TakenFireTime, schedule, at) > 0)
                return $"run {run.Id} has a schedule and fire time that another run has";
        }

        return WithTheRun.Where(t => t != RunTable.Runs).SelectMany(t => parts.GetValueOrDefault(t, []).Select(row => (Guid)row[t.OwnerAt]!)).Any(owner => !ids.Contains(owner))
            ? "it holds rows of runs that are not in it"
            : null;
    }

    static List<FlowRunStep> Steps(Dictionary<RunTable, IReadOnlyList<object?[]>> parts, Guid run)
    {
        var states = RunTable.States;
        return
        [
            .. parts.GetValueOrDefault(states, []).Where(row => (Guid)row[0]! == run).OrderBy(row => (long)row[1]!)
                .Select(row => new FlowRunStep(
                    (long)row[1]!,
                    Enum.TryParse<RunStateType>((string)row[2]!, out var type) && Enum.IsDefined(type) ? type : (RunStateType)(-1),
                    (string)row[3]!,
                    Persistence.Microseconds.ToInstant((long)row[states.IndexOf("at")]!),
                    (long)row[states.IndexOf("epoch")]!,
                    (string?)row[states.IndexOf("agent")])),
        ];
    }

    /// <summary>The row of a run that is not stored yet.</summary>
    sealed class ImportedRun(object?[] values)
    {
        static readonly RunTable Table = RunTable.Runs;

        public object?[] Values => values;

        public Guid Id => (Guid)values[0]!;

        public string FlowName => Text("flow_name")!;

        public Guid? ParentRunId => (Guid?)Of("parent_run_id");

        public string? IdempotencyKey => Text("idempotency_key");

        public Guid? ScheduleId => (Guid?)Of("schedule_id");

        public long? FireTime => (long?)Of("fire_time");

        public string? Fault(IReadOnlyList<FlowRunStep> steps)
        {
            if (!Enum.TryParse<RunStateType>(Text("state_type"), out var state) || !Enum.IsDefined(state) || !state.IsFinal())
                return $"only a run that has ended can be imported, and it is {Text("state_type")}";
            if (Of("ended_at") is null)
                return "it has no time of its end";
            foreach (var column in (string[])["name", "flow_name", "queue"])
            {
                if (SubmittedText.Name(Text(column), column) is { } wrong)
                    return wrong.Reason;
            }

            if (values.OfType<string>().Any(text => text.Length > LongestText && text != Text("tags") && text != Text("state_message")))
                return "it holds a text that is too long";
            if ((ParentRunId is null ? FlowRunHistory.FirstFault(steps) : FlowRunHistory.FirstNestedFault(steps)) is { } fault)
                return fault;
            return steps[^1].Type != state || steps[^1].Version != (long)Of("version")! ? "it does not end as its history does" : null;
        }

        object? Of(string column) => values[Table.IndexOf(column)];

        string? Text(string column) => (string?)Of(column);
    }
}
