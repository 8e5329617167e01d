using System.Diagnostics;
using System.Text.Json;

namespace Holoflow.CliBenchmarks;

/// <summary>32 commands at once on one database file.</summary>
static class ManyRuns
{
    const int Runs = 32;
    const int Tasks = 200;

    public static async Task Measure(Builds builds, ScratchFolder folder)
    {
        var home = folder.NewHome();
        var before = Rusage.OfChildren();
        var start = Stopwatch.GetTimestamp();
        // A command that says a word on standard error, or fails, throws.
        var samples = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => Sample.Of(builds.Published, home, null, "run", $"{builds.Flows}:NoOps", "-p", $"count={Tasks}")));
        var wall = Stopwatch.GetElapsedTime(start);
        var cpu = Rusage.OfChildren() - before;
        var rows = JsonElement.Parse((await Sample.Of(builds.Published, home, null, "task-run", "ls", "--state", "Completed", "--limit", "100000", "--json")).Output).GetArrayLength();
        Console.WriteLine($"| {Runs} holoflow run at once, {Tasks} tasks each | {wall.TotalSeconds:0.0} s ({cpu.TotalSeconds:0.0} s of CPU); each {Samples.Seconds(samples.Select(s => s.Wall))} s | {rows} of {Runs * Tasks} task runs in the database, no word on standard error |\n");
    }
}
