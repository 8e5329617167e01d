using Holoflow.Holography.Accuracy;

namespace Holoflow.HolographyBenchmarks;

/// <summary>Every figure that has a goal, gathered while it is measured, and all of them in one table at the end.</summary>
static class GoalTable
{
    static readonly List<AccuracyFigure> Figures = [];

    public static void Add(string name, double value, double goal, bool atLeast = false) => Figures.Add(new(name, value, goal, atLeast));

    public static void AddRange(string mode, IEnumerable<AccuracyFigure> figures) => Figures.AddRange(figures.Select(figure => figure with { Name = $"{mode}: {figure.Name}" }));

    /// <summary>Measures all that has a goal: files, a full-size beam beside numpy and scipy, accuracy of both voltage modes.</summary>
    /// <returns>0 where every goal is reached, else 1.</returns>
    public static async Task<int> Run(string[] arguments)
    {
        var failed = await InputOutput.Run(512) + await FullBeam.Run(arguments);
        AccuracyTable.Run(["rbf"]);
        AccuracyTable.Run(["aperture"]);
        Console.WriteLine();
        var report = new AccuracyReport(Figures);
        Console.Write(report.ToTable());
        return failed == 0 && report.Reached ? 0 : 1;
    }
}
