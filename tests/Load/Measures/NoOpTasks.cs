using System.Diagnostics;
using Holoflow.Load.Stack;

namespace Holoflow.Load.Measures;

/// <summary>A flow of many tasks that do nothing, until all of them are in the database and the run is Completed there.</summary>
static class NoOpTasks
{
    const int Tasks = 10_000;

    public static async Task Measure()
    {
        await using var stack = await LoadStack.Start();
        await stack.StartAgent("agent-1", slots: 10);
        using var http = new HttpClient { BaseAddress = stack.Api };
        var (empty, _) = await Run(stack, http, 1);
        _ = await Run(stack, http, Tasks);
        var before = stack.Cpu();
        var (wall, run) = await Run(stack, http, Tasks);
        var after = stack.Cpu();
        var stored = await stack.Count($"SELECT COUNT(*) FROM task_runs WHERE run_id = '{run}' AND state_type = 'Completed'");
        if (stored != Tasks)
            throw new InvalidOperationException($"{stored} of {Tasks} tasks are in the database");
        Report.Line(
            $"{Tasks} durable no-op tasks, whole flow",
            "2,000/s; 0.8 ms CPU a task",
            $"{Tasks / wall.TotalSeconds:0}/s ({wall.TotalSeconds:0.00} s; a flow of one task {empty.TotalSeconds:0.00} s); {Report.CpuOf(before, after) / Tasks:0.000} ms CPU a task ({Report.Shares(before, after, Tasks)})");
    }

    static async Task<(TimeSpan Wall, Guid Run)> Run(LoadStack stack, HttpClient http, int tasks)
    {
        var start = Stopwatch.GetTimestamp();
        var run = await new RunRequest("NoOps", Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleFlows.dll"), "NoOps", new { count = tasks }).Send(http);
        await stack.Until($"SELECT COUNT(*) FROM flow_runs WHERE id = '{run}' AND state_type = 'Completed'", n => n == 1, TimeSpan.FromMinutes(2));
        return (Stopwatch.GetElapsedTime(start), run);
    }
}
