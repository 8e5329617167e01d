using System.Text;

namespace Holoflow.Holography.Accuracy;

/// <summary>One line of the table.</summary>
/// <param name="Name">What was measured, with its unit.</param>
/// <param name="Value">The figure.</param>
/// <param name="Goal">The goal of HOLOGRAPHY section 11.</param>
/// <param name="HigherIsBetter">Whether the goal is a lower bound.</param>
public readonly record struct AccuracyFigure(string Name, double Value, double Goal, bool HigherIsBetter = false)
{
    /// <summary>Whether the goal is reached.</summary>
    public bool Reached => HigherIsBetter ? Value >= Goal : Value <= Goal;
}

/// <summary>The figures beside their goals. HOLOGRAPHY section 11.</summary>
/// <param name="Figures">In order of the table.</param>
public sealed record AccuracyReport(IReadOnlyList<AccuracyFigure> Figures)
{
    /// <summary>Whether every goal is reached.</summary>
    public bool Reached => Figures.All(f => f.Reached);

    /// <summary>The table as text, one line a figure.</summary>
    public string ToTable()
    {
        var width = Figures.Max(f => f.Name.Length);
        var text = new StringBuilder();
        text.AppendLine($"{"figure".PadRight(width)}  {"value",10}  {"goal",10}");
        foreach (var f in Figures)
            text.AppendLine($"{f.Name.PadRight(width)}  {f.Value,10:0.#####}  {(f.HigherIsBetter ? ">= " : "<= ") + f.Goal.ToString("0.####"),10}  {(f.Reached ? "reached" : "MISSED")}");
        return text.ToString();
    }
}
