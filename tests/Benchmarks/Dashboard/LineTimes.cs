using System.Text.Json;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;
using Holoflow.Load.Stack;
using Holoflow.Standalone;

namespace Holoflow.DashboardBenchmarks;

/// <summary>From a line's being written by a flow process until it stands on the screen of somebody who follows the log.</summary>
static class LineTimes
{
    const int PerSecond = 10_000;

    const int Seconds = 20;

    /// <summary>One server with its agent on SQLite.</summary>
    public static async Task Embedded()
    {
        var home = Directory.CreateTempSubdirectory("holoflow-bench-").FullName;
        try
        {
            await using var server = await Standalone.Standalone.StartAsync(StandaloneOptions.Server(home, port: 0) with { ServeOpenApi = false, AgentQueues = ["default"] });
            await Measure("one server on SQLite", (await server.ApiStarted)!);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>All services as processes on RabbitMQ and PostgreSQL.</summary>
    public static async Task Stack()
    {
        await using var stack = await LoadStack.Start();
        await stack.StartAgent("agent-1", slots: 4);
        await Measure("four services and an agent on RabbitMQ and PostgreSQL", stack.Api);
    }

    static async Task Measure(string what, Uri address)
    {
        using var client = new HoloflowClient(address);
        await using var pages = await PageTimes.Start(address);
        // The first run warms services and page up.
        _ = await Follow(client, pages, seconds: 3);
        var load = MachineLoad.Now;
        var told = await Follow(client, pages, Seconds);
        Console.WriteLine(
            $"{what}, {PerSecond:N0} lines/s written, {told.Lines / told.Seconds:N0} lines/s shown: line written to line on the screen p50 {told.P50:0} ms, p95 {told.P95:0} ms, the longest {told.Longest:0} ms, {told.Frames / told.Seconds:0} frames/s; load average {load}");
    }

    static async Task<LineAges> Follow(HoloflowClient client, PageTimes pages, int seconds)
    {
        var run = await client.FlowRuns.Create(new CreateFlowRun
        {
            FlowName = "paced-logs",
            Program = new FlowProgram { Path = Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleFlows.dll"), Method = "PacedLogs" },
            Parameters = JsonSerializer.SerializeToElement(new { lines = PerSecond * (seconds + 3), perSecond = PerSecond }),
        });
        var ages = await pages.FollowLog(run.Id, seconds);
        // A run that is at an end takes no time from the next one.
        await foreach (var update in client.FlowRuns.Follow(run.Id, logs: false))
            if (update is RunEnded)
                break;
        return ages;
    }
}

/// <summary>How old lines were when they came onto the screen.</summary>
/// <param name="P50">Half of the lines were younger, ms.</param>
/// <param name="P95">95 of 100 were younger, ms.</param>
/// <param name="Longest">The oldest, ms.</param>
/// <param name="Lines">How many came.</param>
/// <param name="Seconds">In which time.</param>
/// <param name="Frames">Frames that were drawn meanwhile.</param>
sealed record LineAges(double P50, double P95, double Longest, int Lines, double Seconds, int Frames);
