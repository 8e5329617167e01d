using System.Text.Json;

namespace Holoflow.CliBenchmarks;

/// <summary>Many tasks, and many log lines, of one flow: whole commands, which end when everything is in the database.</summary>
static class Volume
{
    const int Tasks = 10_000;
    const int Lines = 100_000;

    public static async Task Measure(Builds builds, ScratchFolder folder, int rounds)
    {
        Console.WriteLine("| one flow in a home of its own | whole command, s | CPU | beyond an empty run |");
        Console.WriteLine("|---|---|---|---|");
        var empty = await Runs(builds, folder, rounds, "Empty");
        Console.WriteLine($"| empty | {Samples.Row(empty)} | |");
        var tasks = await Runs(builds, folder, rounds, "NoOps", $"count={Tasks}");
        Console.WriteLine($"| {Tasks} no-op tasks | {Samples.Row(tasks)} | {Beyond(tasks, empty, Tasks, "tasks")} |");
        var lines = await Runs(builds, folder, rounds, "Logs", $"lines={Lines}");
        Console.WriteLine($"| {Lines} log lines | {Samples.Row(lines)} | {Beyond(lines, empty, Lines, "lines")} |\n");
    }

    static async Task<List<Sample>> Runs(Builds builds, ScratchFolder folder, int rounds, string method, params string[] parameters)
    {
        var samples = new List<Sample>();
        for (var round = 0; round < rounds; round++)
        {
            var home = folder.NewHome();
            // The first run of a home makes its database and describes the program; it is measured elsewhere.
            await Sample.Of(builds.Published, home, null, "run", $"{builds.Flows}:Empty");
            samples.Add(await Sample.Of(builds.Published, home, null, ["run", $"{builds.Flows}:{method}", .. parameters.SelectMany(p => new[] { "-p", p })]));
            await Check(builds, home, method);
        }

        return samples;
    }

    // What was printed is not what was stored: the store is asked.
    static async Task Check(Builds builds, string home, string method)
    {
        if (method == "NoOps")
        {
            var rows = JsonElement.Parse((await Sample.Of(builds.Published, home, null, "task-run", "ls", "--state", "Completed", "--limit", "100000", "--json")).Output).GetArrayLength();
            if (rows != Tasks)
                throw new InvalidOperationException($"{rows} of {Tasks} task runs are in the database");
        }

        if (method == "Logs")
        {
            var run = JsonElement.Parse((await Sample.Of(builds.Published, home, null, "flow-run", "ls", "--limit", "1", "--json")).Output)[0].GetProperty("id").GetString()!;
            var lines = (await Sample.Of(builds.Published, home, null, "flow-run", "logs", run)).Output.AsSpan().Count('\n');
            if (lines < Lines)
                throw new InvalidOperationException($"{lines} of {Lines} lines are in the database");
        }
    }

    static string Beyond(IReadOnlyList<Sample> samples, IReadOnlyList<Sample> empty, int count, string what)
    {
        var wall = Samples.Median(samples.Select(s => s.Wall)) - Samples.Median(empty.Select(s => s.Wall));
        var cpu = Samples.Median(samples.Select(s => s.Cpu)) - Samples.Median(empty.Select(s => s.Cpu));
        return $"{count / wall.TotalSeconds:N0} {what}/s, {cpu.TotalMilliseconds / count:0.0000} ms of CPU each";
    }
}
