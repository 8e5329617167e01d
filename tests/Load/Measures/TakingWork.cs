using Holoflow.Load.Stack;

namespace Holoflow.Load.Measures;

/// <summary>
/// How long an agent's freed slot stays empty while a million runs wait: from the end of one run in the history to the claim of the next,
/// with one slot. Its twin is the same with a thousand waiting.
/// </summary>
static class TakingWork
{
    const int Few = 1_000;
    const int Many = 1_000_000;
    const int Takes = 200;
    const int Warming = 200;

    const string Fill = """
        INSERT INTO flow_runs (id, name, flow_name, queue, priority, tags, state_type, state_name, state_at, version, created_at, scheduled_for, due_at,
        epoch, run_count, retries_used, crashes_used, max_retries, retry_delay, crash_reschedules, events_through)
        SELECT gen_random_uuid(), 'waiting', 'true', 'default', 0, '[]', 'Scheduled', 'Late', $2 + n, 1, $2 + n, $2 + n, $2 + n, 0, 0, 0, 0, 0, 0, 0, 0
        FROM generate_series(1, $1) AS n
        """;

    const string Contents = """
        INSERT INTO flow_run_contents (run_id, parameters, program)
        SELECT id, '{}', '{"path":"/bin/true","environment":{}}' FROM flow_runs r WHERE NOT EXISTS (SELECT 1 FROM flow_run_contents c WHERE c.run_id = r.id)
        """;

    const string Count = """
        INSERT INTO run_counts (state_type, flow_name, deployment_id, queue, shard, runs) VALUES ('Scheduled', 'true', '00000000-0000-0000-0000-000000000000', 'default', -1, $1)
        ON CONFLICT (state_type, flow_name, deployment_id, queue, shard) DO UPDATE SET runs = run_counts.runs + excluded.runs
        """;

    const string Gaps = """
        SELECT t.at - (SELECT MAX(e.at) FROM flow_run_states e WHERE e.state_type = 'Completed' AND e.at <= t.at)
        FROM flow_run_states t WHERE t.state_type = 'Pending' ORDER BY t.at DESC LIMIT $1
        """;

    public static async Task Measure()
    {
        await using var stack = await LoadStack.Start();
        await stack.Client.WorkQueues.Pause("default");
        using var http = new HttpClient { BaseAddress = stack.Api };
        _ = await new RunRequest("true", "/bin/true").Send(http);
        await stack.StartAgent("agent-1", slots: 1);
        var few = await Take(stack, Few, Warming + Takes);
        var many = await Take(stack, Many, Takes);
        Report.Line($"taking work with {Many:N0} runs waiting: slot freed to next claim", "5 ms", many.Show());
        Report.Line($"… with {Few:N0} waiting", "", few.Show());
    }

    static async Task<IReadOnlyList<double>> Take(LoadStack stack, int waiting, int takes)
    {
        await using (var connection = await stack.Database.OpenForReading())
        {
            foreach (var sql in new[] { Fill, Contents, Count, "VACUUM ANALYZE", "CHECKPOINT" })
            {
                await using var command = connection.CreateCommand();
                command.CommandText = sql.Replace("$1", $"{waiting}", StringComparison.Ordinal).Replace("$2", "1700000000000000", StringComparison.Ordinal);
                command.CommandTimeout = 0;
                await command.ExecuteNonQueryAsync();
            }
        }

        var done = await stack.Count("SELECT COUNT(*) FROM flow_run_states WHERE state_type = 'Completed'");
        await stack.Client.WorkQueues.Resume("default");
        await stack.Until("SELECT COUNT(*) FROM flow_run_states WHERE state_type = 'Completed'", n => n >= done + takes + 1, TimeSpan.FromMinutes(5));
        await stack.Client.WorkQueues.Pause("default");
        await stack.Until("SELECT COUNT(*) FROM flow_runs WHERE lease_agent IS NOT NULL", n => n == 0, TimeSpan.FromMinutes(1));
        var gaps = new List<double>();
        await using var session = await stack.Database.OpenReadSession();
        using var rows = session.Query(Gaps, Takes);
        while (rows.Next())
            gaps.Add(rows.Long(0) / 1000.0);
        return gaps;
    }
}
