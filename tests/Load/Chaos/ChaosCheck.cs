using Holoflow.Load.Stack;
using Holoflow.StateStore.Histories;

namespace Holoflow.Load.Chaos;

/// <summary>Compares what was submitted and what was executed with what the store says.</summary>
static class ChaosCheck
{
    const string Runs = """
        SELECT r.id, r.state_name, r.state_message, r.lease_agent,
        (SELECT COUNT(*) FROM task_runs t WHERE t.run_id = r.id AND t.state_type = 'Completed'),
        (SELECT COUNT(*) FROM task_runs t JOIN task_run_states s ON s.task_id = t.id WHERE t.run_id = r.id),
        (SELECT COUNT(*) FROM log_lines l WHERE l.run_id = r.id AND l.logger = 'stdout')
        FROM flow_runs r
        """;

    const int StatesOfTask = 3;

    public static async Task<(long Tasks, IReadOnlyList<string> Faults)> Run(LoadStack stack, IReadOnlyDictionary<string, Guid> accepted, string witness)
    {
        var executions = (await File.ReadAllLinesAsync(witness)).CountBy(Guid.Parse).ToDictionary();
        var missing = accepted.Values.ToHashSet();
        var found = await HistoryCheck.Run(stack.Database);
        var faults = new List<string>(found.Faults);
        if (missing.Count != accepted.Count)
            faults.Add($"{accepted.Count - missing.Count} keys were answered with the run of another");
        await using var session = await stack.Database.OpenReadSession();
        using var rows = session.Query(Runs);
        while (rows.Next())
        {
            var run = rows.Id(0);
            if (!missing.Remove(run))
                faults.Add($"run {run} was made, but nobody's request was answered with it");
            Expect(faults, run, "executions", executions.GetValueOrDefault(run), 1);
            Expect(faults, run, "completed task runs", rows.Long(4), WitnessFlow.Tasks);
            Expect(faults, run, "states of task runs", rows.Long(5), WitnessFlow.Tasks * StatesOfTask);
            Expect(faults, run, "lines of output", rows.Long(6), WitnessFlow.Tasks);
            if (rows.Text(1) != "Completed" || rows.TextOrNull(3) is not null)
                faults.Add($"run {run} is {rows.Text(1)} ({rows.TextOrNull(2)}), held by '{rows.TextOrNull(3)}'");
        }

        faults.AddRange(missing.Select(run => $"run {run} was accepted and is lost"));
        return (found.Tasks, faults);
    }

    static void Expect(List<string> faults, Guid run, string what, long actual, long expected)
    {
        if (actual != expected)
            faults.Add($"run {run}: {actual} {what} in place of {expected}");
    }
}
