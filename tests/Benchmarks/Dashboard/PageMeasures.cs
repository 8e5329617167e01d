using Holoflow.Standalone;

namespace Holoflow.DashboardBenchmarks;

/// <summary>One server on SQLite with a run of ten thousand task runs; Chromium, server and clients share the machine.</summary>
static class PageMeasures
{
    const int Tasks = 10_000;

    const int Openings = 30;

    public static Task First() => With(async (pages, _, _) => Console.WriteLine($"first load: {await pages.FirstLoad() / 1000.0:0} kB"));

    public static Task Open() => With(async (pages, _, run) =>
    {
        // The first opening warms the server up.
        await pages.Open(run);
        var opened = new List<double>();
        for (var i = 0; i < Openings; i++)
            opened.Add(await pages.Open(run));
        opened.Sort();
        Console.WriteLine($"opened until graph and timeline stand: p50 {opened[Openings / 2]:0} ms, p95 {opened[(int)Math.Ceiling(Openings * 0.95) - 1]:0} ms, of {Openings}");
    });

    public static Task Scroll() => With(async (pages, _, run) =>
    {
        foreach (var (name, selector, horizontal) in new[] { ("table of task runs", ".task-rows .rows-scroll", false), ("timeline", ".timeline canvas", true) })
        {
            var (frames, longest) = await pages.Scroll(run, selector, horizontal);
            Console.WriteLine($"scrolling the {name}: {frames:0} frames/s, the longest {longest:0} ms");
        }
    });

    public static Task Reads() => With(async (_, address, run) =>
    {
        foreach (var path in (string[])["/api/overview", "/api/flow-runs?limit=50", $"/api/flow-runs/{run}", $"/api/flow-runs/{run}/graph", $"/api/flow-runs/{run}/timeline"])
        {
            var (api, bare, bytes) = await DashboardBenchmarks.Reads.Compare(address, path);
            Console.WriteLine($"{path.Replace(run.ToString(), "RUN", StringComparison.Ordinal)}: {api:N0} requests/s, a bare handler of the same {bytes:N0} bytes {bare:N0}: {api / bare:P0}");
        }
    });

    static async Task With(Func<PageTimes, Uri, Guid, Task> measure)
    {
        var home = Directory.CreateTempSubdirectory("holoflow-bench-").FullName;
        try
        {
            await using var server = await Standalone.Standalone.StartAsync(StandaloneOptions.ForOneCommand(home));
            var run = await LargeRun.Play(server.Bus, Tasks);
            await using var pages = await PageTimes.Start((await server.ApiStarted)!);
            Console.WriteLine($"a run of {Tasks:N0} task runs; load average {MachineLoad.Now}");
            await measure(pages, (await server.ApiStarted)!, run);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }
}

static class MachineLoad
{
    public static string Now => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
