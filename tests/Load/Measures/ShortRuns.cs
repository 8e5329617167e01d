using System.Diagnostics;
using Holoflow.Load.Stack;

namespace Holoflow.Load.Measures;

/// <summary>Many runs of <c>/bin/true</c> that wait in a paused queue, from its resumption until all are Completed, by two agents.</summary>
static class ShortRuns
{
    const int Warming = 300;
    const int Runs = 2_000;
    const int Clients = 16;

    public static async Task Measure()
    {
        await using var stack = await LoadStack.Start();
        await stack.StartAgent("agent-1", slots: 10);
        await stack.StartAgent("agent-2", slots: 10);
        using var http = new HttpClient { BaseAddress = stack.Api };
        await Batch(stack, http, Warming);
        var (wall, cpu, shares) = await Batch(stack, http, Runs);
        Report.Line("flow runs of /bin/true, streams captured, two agents", "200/s", $"{Runs / wall.TotalSeconds:0}/s; {cpu / Runs:0.0} ms CPU a run ({shares})");
    }

    static async Task<(TimeSpan Wall, double Cpu, string Shares)> Batch(LoadStack stack, HttpClient http, int runs)
    {
        await stack.Client.WorkQueues.Pause("default");
        var done = await stack.Count("SELECT COUNT(*) FROM flow_runs WHERE state_type = 'Completed'");
        var request = new RunRequest("true", "/bin/true");
        await Parallel.ForEachAsync(Enumerable.Range(0, runs), new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (_, c) => await request.Send(http, c));
        var before = stack.Cpu();
        var start = Stopwatch.GetTimestamp();
        await stack.Client.WorkQueues.Resume("default");
        await stack.Until("SELECT COUNT(*) FROM flow_runs WHERE state_type IN ('Scheduled', 'Pending', 'Running')", n => n == 0, TimeSpan.FromMinutes(5));
        var wall = Stopwatch.GetElapsedTime(start);
        var after = stack.Cpu();
        if (await stack.Count("SELECT COUNT(*) FROM flow_runs WHERE state_type = 'Completed'") - done != runs)
            throw new InvalidOperationException("not every run completed");
        return (wall, Report.CpuOf(before, after), Report.Shares(before, after, runs));
    }
}
