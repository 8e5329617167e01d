namespace Holoflow.CliBenchmarks;

/// <summary>What a command costs while its flow does nothing but last.</summary>
static class LongRuns
{
    public static async Task Measure(Builds builds, ScratchFolder folder, int rounds)
    {
        Console.WriteLine("| a flow that only waits | wall | CPU |\n|---|---|---|");
        foreach (var seconds in new[] { 0.0, 0.5, 2, 5, 10 })
        {
            var samples = new List<Sample>();
            var home = folder.NewHome();
            for (var round = 0; round <= rounds; round++)
                samples.Add(await Sample.Of(builds.Published, home, null, "run", $"{builds.Flows}:Lasts", "-p", FormattableString.Invariant($"seconds={seconds}")));
            Console.WriteLine($"| {seconds} s | {Samples.Row(samples.Skip(1).ToList())} |");
        }
        Console.WriteLine();
    }
}
