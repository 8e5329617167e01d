using Holoflow.Holography.Accuracy;

namespace Holoflow.HolographyBenchmarks;

/// <summary>Every figure that has a goal, gathered while it is measured, and all of them in one table at the end.</summary>
static class GoalTable
{
    static readonly string[] Parts = ["files", "beam", "rbf", "aperture"];
    static readonly List<AccuracyFigure> Figures = [];

    public static void Add(string name, double value, double goal, bool atLeast = false) => Figures.Add(new(name, value, goal, atLeast));

    public static void AddRange(string mode, IEnumerable<AccuracyFigure> figures) => Figures.AddRange(figures.Select(figure => figure with { Name = $"{mode}: {figure.Name}" }));

    /// <summary>Measures all that has a goal, or the named parts of it: files, a full-size beam beside numpy and scipy, accuracy of both voltage modes.</summary>
    /// <returns>0 where every goal is reached, 1 where one is missed, 2 where a part is unknown.</returns>
    public static async Task<int> Run(string[] arguments)
    {
        var at = Array.IndexOf(arguments, "--python");
        var (named, python) = at < 0 ? (arguments, Array.Empty<string>()) : (arguments[..at], arguments[at..]);
        if (named.Except(Parts).FirstOrDefault() is { } unknown)
        {
            Console.Error.WriteLine($"there is no part '{unknown}': the parts are {string.Join(", ", Parts)}");
            return 2;
        }

        var failed = 0;
        foreach (var part in Parts.Where(part => named.Length == 0 || named.Contains(part, StringComparer.Ordinal)))
        {
            Console.WriteLine($"{part}, at {TimeProvider.System.GetLocalNow():HH:mm}, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} on {Environment.ProcessorCount} cores");
            failed += part switch
            {
                "files" => await InputOutput.Run(512),
                "beam" => await FullBeam.Run(python),
                _ => AccuracyTable.Run([part]),
            };
        }

        Console.WriteLine();
        var report = new AccuracyReport(Figures);
        Console.Write(report.ToTable());
        return failed == 0 && report.Reached ? 0 : 1;
    }
}
