namespace Holoflow.Holography.Pictures;

/// <summary>A curve through points in order; it is broken where a value is not finite.</summary>
public sealed class Line(IReadOnlyList<double> x, IReadOnlyList<double> y) : Layer
{
    public Colour Colour { get; init; } = Colour.Series[0];

    /// <summary>Line width in pixels.</summary>
    public double LineWidth { get; init; } = 1.6;

    /// <summary>Its entry in the panel's legend; none where it is empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it is drawn in dashes.</summary>
    public bool IsDashed { get; init; }

    internal override void Draw(PlotArea area)
    {
        var parts = new List<(double X1, double Y1, double X2, double Y2)>();
        for (int i = 1; i < Math.Min(x.Count, y.Count); i++)
        {
            if (!double.IsFinite(x[i - 1] + y[i - 1] + x[i] + y[i]))
                continue;
            double x1 = area.PixelX(x[i - 1]), y1 = area.PixelY(y[i - 1]), x2 = area.PixelX(x[i]), y2 = area.PixelY(y[i]);
            if (IsDashed)
                AddDashes(parts, x1, y1, x2, y2);
            else
                parts.Add((x1, y1, x2, y2));
        }
        area.Canvas.DrawSegments(parts, Colour, LineWidth, area.Clip);
    }

    static void AddDashes(List<(double X1, double Y1, double X2, double Y2)> parts, double x1, double y1, double x2, double y2)
    {
        const double dash = 6, period = 10;
        double length = Math.Sqrt(((x2 - x1) * (x2 - x1)) + ((y2 - y1) * (y2 - y1)));
        // Dashes hang on the place in the picture, so that a curve of short parts stays dashed.
        double phase = x1 % period;
        for (double at = -phase; at < length; at += period)
        {
            double from = Math.Max(0, at) / Math.Max(length, 1e-9), to = Math.Min(length, at + dash) / Math.Max(length, 1e-9);
            if (to > from)
                parts.Add((x1 + (from * (x2 - x1)), y1 + (from * (y2 - y1)), x1 + (to * (x2 - x1)), y1 + (to * (y2 - y1))));
        }
    }
}
