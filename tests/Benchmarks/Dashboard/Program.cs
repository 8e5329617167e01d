using System.Globalization;
using Holoflow.DashboardBenchmarks;
using Holoflow.Standalone;

// usage: DashboardBenchmarks [TASKS [OPENINGS]]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var tasks = args is [var count, ..] ? int.Parse(count) : 10_000;
var openings = args is [_, var times, ..] ? int.Parse(times) : 30;
var home = Directory.CreateTempSubdirectory("holoflow-bench-").FullName;
try
{
    await using var server = await Standalone.StartAsync(StandaloneOptions.ForOneCommand(home) with { DashboardDirectory = PageTimes.Dist });
    var address = (await server.ApiStarted)!;
    var run = await LargeRun.Play(server.Bus, tasks);
    Console.WriteLine($"load average {File.ReadAllText("/proc/loadavg").Trim()}; a run of {tasks:N0} task runs");
    await using var pages = new PageTimes(address);
    await pages.Start();
    Console.WriteLine($"first load: {await pages.FirstLoad() / 1000.0:0} kB");
    _ = await pages.Open(run);
    var opened = new List<double>();
    for (var i = 0; i < openings; i++)
        opened.Add(await pages.Open(run));
    opened.Sort();
    Console.WriteLine($"opened until graph and timeline stand: p50 {opened[opened.Count / 2]:0} ms, p95 {opened[(int)(opened.Count * 0.95)]:0} ms, of {openings}");
    foreach (var (name, selector, horizontal) in new[] { ("table of task runs", ".task-rows .rows-scroll", false), ("timeline", ".timeline canvas", true) })
    {
        var (frames, longest) = await pages.Scroll(run, selector, horizontal);
        Console.WriteLine($"scrolling the {name}: {frames:0} frames/s, the longest {longest:0} ms");
    }

    foreach (var path in (string[])["/api/overview", "/api/flow-runs?limit=50", $"/api/flow-runs/{run}", $"/api/flow-runs/{run}/graph"])
    {
        var (api, bare, bytes) = await Reads.Compare(address, path);
        Console.WriteLine($"{path.Replace(run.ToString(), "RUN", StringComparison.Ordinal)}: {api:N0} requests/s, a bare handler of the same {bytes:N0} bytes {bare:N0}: {api / bare:P0}");
    }
}
finally
{
    Directory.Delete(home, recursive: true);
}
