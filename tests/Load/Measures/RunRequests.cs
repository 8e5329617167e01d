using System.Collections.Concurrent;
using System.Diagnostics;
using Holoflow.Load.Stack;

namespace Holoflow.Load.Measures;

/// <summary>Run requests that the API answers as stored, by 1, 8 and 32 clients that each wait for their answer.</summary>
static class RunRequests
{
    static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    public static async Task Measure()
    {
        await using var stack = await LoadStack.Start();
        await stack.Client.WorkQueues.Pause("default");
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = stack.Api };
        _ = await Ask(http, 32);
        foreach (var clients in new[] { 1, 8, 32 })
        {
            var before = stack.Cpu();
            var times = await Ask(http, clients);
            var after = stack.Cpu();
            Report.Line(
                $"run requests accepted, {clients} clients",
                clients == 32 ? "1,500/s, p99 under 50 ms" : "",
                $"{times.Count / Duration.TotalSeconds:0}/s, {times.Show()}; {Report.CpuOf(before, after) / times.Count:0.00} ms CPU each ({Report.Shares(before, after, times.Count)})");
        }
    }

    static async Task<IReadOnlyCollection<double>> Ask(HttpClient http, int clients)
    {
        var request = new RunRequest("true", "/bin/true");
        var times = new ConcurrentQueue<double>();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < Duration)
            {
                var sent = Stopwatch.GetTimestamp();
                await request.Send(http);
                times.Enqueue(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        }));
        return times;
    }
}
