using System.Text.Json;

namespace Holoflow.CliBenchmarks;

/// <summary>An empty flow by <c>holoflow run</c>, the whole command and its parts.</summary>
static class EmptyRun
{
    static readonly string[] Parts = ["start to submitted", "submitted to claimed", "claimed to launched", "launched to the flow's start", "the flow", "flow's end to Completed", "Completed to the end of the command"];

    public static async Task Measure(Builds builds, ScratchFolder folder, int rounds)
    {
        var fresh = new List<Sample>();
        var again = new List<Sample>();
        var plain = new List<Sample>();
        var parts = Parts.Select(_ => new List<TimeSpan>()).ToList();
        for (var i = 0; i < rounds; i++)
        {
            var home = folder.NewHome();
            fresh.Add(await Sample.Of(builds.Published, home, null, "run", $"{builds.Flows}:Empty"));
            var second = await Sample.Of(builds.Published, home, null, "run", $"{builds.Flows}:Empty");
            again.Add(second);
            foreach (var (part, time) in parts.Zip(await PartsOf(builds, home, second)))
                part.Add(time);
            plain.Add(await Sample.Of(builds.Plain, home, null, "run", $"{builds.Flows}:Empty"));
        }
        Console.WriteLine("| an empty flow by holoflow run | wall | CPU |\n|---|---|---|");
        Console.WriteLine($"| fresh home | {Samples.Row(fresh)} |");
        Console.WriteLine($"| again | {Samples.Row(again)} |");
        Console.WriteLine($"| again, command not compiled ahead of time | {Samples.Row(plain)} |");
        foreach (var (name, times) in Parts.Zip(parts))
            Console.WriteLine($"| part of again: {name} | {Samples.Seconds(times)} s | |");
        Console.WriteLine();
    }

    // The run's own history and journal hold the times of everything between.
    static async Task<IReadOnlyList<TimeSpan>> PartsOf(Builds builds, string home, Sample sample)
    {
        var runs = JsonElement.Parse((await Sample.Of(builds.Published, home, null, "flow-run", "ls", "--json")).Output);
        var id = runs[0].GetProperty("id").GetString()!;
        var inspected = await Sample.Of(builds.Published, home, null, "flow-run", "inspect", id, "--json");
        var created = JsonElement.Parse(inspected.Output).GetProperty("createdAt").GetDateTimeOffset();
        var journal = File.ReadLines(Path.Combine(home, "runs", id, "journal.ndjson")).Select(l => JsonElement.Parse(l)).ToList();
        var started = TimeOf("flow-started");
        var ended = TimeOf("flow-ended");
        var states = sample.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Clock(line, sample.Began)).ToList();
        var exit = sample.Began + sample.Wall;
        return [created - sample.Began, states[1] - created, states[2] - states[1], started - states[2], ended - started, states[^1] - ended, exit - states[^1]];

        DateTimeOffset TimeOf(string kind) => journal.Last(e => e.GetProperty("k").GetString() == kind).GetProperty("t").GetDateTimeOffset();
    }

    static DateTimeOffset Clock(string line, DateTimeOffset began)
    {
        var local = began.ToLocalTime();
        return new DateTimeOffset(local.Date + TimeOnly.ParseExact(line[..12], "HH:mm:ss.fff").ToTimeSpan(), local.Offset);
    }
}
