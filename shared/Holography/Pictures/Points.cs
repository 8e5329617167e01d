namespace Holoflow.Holography.Pictures;

/// <summary>Dots at points, with an error bar where an error is given.</summary>
public sealed class Points(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double>? errors = null) : Layer
{
    public Colour Colour { get; init; } = Colour.Series[0];

    /// <summary>Diameter in pixels.</summary>
    public double Size { get; init; } = 4;

    /// <summary>Its entry in the panel's legend; none where it is empty.</summary>
    public string Name { get; init; } = "";

    internal override void Draw(PlotArea area)
    {
        for (int i = 0; i < Math.Min(x.Count, y.Count); i++)
        {
            if (!double.IsFinite(x[i] + y[i]))
                continue;
            double px = area.PixelX(x[i]), py = area.PixelY(y[i]);
            if (errors is not null && double.IsFinite(errors[i]))
                area.Canvas.DrawLine(px, area.PixelY(y[i] - errors[i]), px, area.PixelY(y[i] + errors[i]), Colour, 1, area.Clip);
            area.Canvas.DrawLine(px, py, px, py, Colour, Size, area.Clip);
        }
    }
}
