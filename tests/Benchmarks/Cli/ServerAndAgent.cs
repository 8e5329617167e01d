using System.Diagnostics;
using System.Text.Json;

namespace Holoflow.CliBenchmarks;

/// <summary>A standalone server with an agent that waits: latency of a run, and memory at rest.</summary>
static class ServerAndAgent
{
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public static async Task Measure(Builds builds, ScratchFolder folder, int rounds)
    {
        var home = folder.NewHome();
        using var server = await Started(builds, home, "Ctrl-C stops it", "server", "start", "--port", "0");
        using var agent = await Started(builds, home, "takes runs from", "agent", "start", "-q", "default", "--name", "bench");
        await Task.Delay(Rest);
        Console.WriteLine($"| memory at rest (resident) | server {Resident(server)} MiB | agent {Resident(agent)} MiB |\n");
        await Sample.Of(builds.Published, home, null, "deployment", "build", $"{builds.Flows}:Empty", "--name", "bench", "-o", Path.Combine(home, "bench.yaml"), "--apply");
        var waits = new List<TimeSpan>();
        for (var i = 0; i <= rounds; i++)
            waits.Add(await UntilFirstLine(builds, home));
        // The first warms the server and the agent up.
        Console.WriteLine($"| deployment run submitted to the flow's first line | {Samples.Seconds(waits.Skip(1))} s | the first after the start {waits[0].TotalSeconds:0.000} s |\n");
        foreach (var process in new[] { agent, server })
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    static async Task<TimeSpan> UntilFirstLine(Builds builds, string home)
    {
        var sample = await Sample.Of(builds.Published, home, null, "deployment", "run", "empty/bench", "--watch");
        var run = JsonElement.Parse((await Sample.Of(builds.Published, home, null, "flow-run", "ls", "--limit", "1", "--json")).Output)[0];
        var journal = Path.Combine(home, "runs", run.GetProperty("id").GetString()!, "journal.ndjson");
        var first = JsonElement.Parse(File.ReadLines(journal).First()).GetProperty("t").GetDateTimeOffset();
        return sample.Output.Contains("Completed", StringComparison.Ordinal) ? first - run.GetProperty("createdAt").GetDateTimeOffset() : throw new InvalidOperationException(sample.Output);
    }

    static async Task<Process> Started(Builds builds, string home, string ready, params string[] arguments)
    {
        var process = Process.Start(Sample.StartInfo(builds.Published, home, null, arguments))!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (line.Contains(ready, StringComparison.Ordinal))
                return process;
        throw new InvalidOperationException($"holoflow {string.Join(' ', arguments)} ended");
    }

    static long Resident(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 / 1024 / 1024;
    }
}
