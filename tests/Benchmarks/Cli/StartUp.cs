namespace Holoflow.CliBenchmarks;

/// <summary>Commands that do nothing but start, and what each choice about their start gains.</summary>
static class StartUp
{
    static readonly (string Step, string Name, string Value)[] Without =
    [
        ("… with instrumentation for hot code (TieredPGO)", "DOTNET_TieredPGO", "1"),
        ("… with a concurrent garbage collector", "DOTNET_gcConcurrent", "1"),
        ("… without tiers (TieredCompilation=0)", "DOTNET_TieredCompilation", "0"),
    ];

    public static async Task Measure(Builds builds, ScratchFolder folder, int rounds)
    {
        Console.WriteLine("| command | wall | CPU |\n|---|---|---|");
        foreach (var command in new[] { "version", "--help" })
        {
            Console.WriteLine($"| holoflow {command} | {Samples.Row(await Repeat(builds.Published, null, command))} |");
            Console.WriteLine($"| … not compiled ahead of time | {Samples.Row(await Repeat(builds.Plain, null, command))} |");
            foreach (var (step, name, value) in Without)
                Console.WriteLine($"| {step} | {Samples.Row(await Repeat(builds.Published, new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value }, command))} |");
        }
        Console.WriteLine();

        async Task<IReadOnlyList<Sample>> Repeat(string program, IReadOnlyDictionary<string, string>? variables, string command)
        {
            var samples = new List<Sample>();
            for (var i = 0; i < rounds; i++)
                samples.Add(await Sample.Of(program, folder.NewHome(), variables, command));
            return samples;
        }
    }
}
