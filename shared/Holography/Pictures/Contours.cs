namespace Holoflow.Holography.Pictures;

/// <summary>Lines of equal value on a grid, by marching squares; cells with a NaN corner have none.</summary>
public sealed class Contours(Grid grid, params double[] levels) : Layer
{
    public Colour Colour { get; init; } = Colour.White;

    /// <summary>Line width in pixels.</summary>
    public double LineWidth { get; init; } = 1.2;

    internal override void Draw(PlotArea area)
    {
        foreach (double level in levels)
        {
            var parts = new List<(double X1, double Y1, double X2, double Y2)>();
            for (int y = 0; y + 1 < grid.Height; y++)
                for (int x = 0; x + 1 < grid.Width; x++)
                    FindParts(area, level, x, y, parts);
            area.Canvas.DrawSegments(parts, Colour, LineWidth, area.Clip);
        }
    }

    void FindParts(PlotArea area, double level, int x, int y, List<(double X1, double Y1, double X2, double Y2)> parts)
    {
        float a = grid.At(x, y), b = grid.At(x + 1, y), c = grid.At(x + 1, y + 1), d = grid.At(x, y + 1);
        if (float.IsNaN(a + b + c + d))
            return;
        Span<(double X, double Y)> crossings = stackalloc (double, double)[4];
        int count = 0;
        Cross(crossings, ref count, level, a, b, x, y, 1, 0);
        Cross(crossings, ref count, level, b, c, x + 1, y, 0, 1);
        Cross(crossings, ref count, level, d, c, x, y + 1, 1, 0);
        Cross(crossings, ref count, level, a, d, x, y, 0, 1);
        if (count == 2)
        {
            parts.Add(Part(area, crossings[0], crossings[1]));
        }
        else if (count == 4)
        {
            // A saddle: the value in the middle says which corners belong together.
            bool joined = ((a + b + c + d) / 4 > level) == (a > level);
            parts.Add(Part(area, crossings[0], crossings[joined ? 1 : 3]));
            parts.Add(Part(area, crossings[2], crossings[joined ? 3 : 1]));
        }
    }

    static void Cross(Span<(double X, double Y)> crossings, ref int count, double level, float from, float to, int x, int y, int dx, int dy)
    {
        if ((from > level) == (to > level))
            return;
        double part = (level - from) / (to - from);
        crossings[count++] = (x + (part * dx), y + (part * dy));
    }

    (double X1, double Y1, double X2, double Y2) Part(PlotArea area, (double X, double Y) from, (double X, double Y) to) => (
        area.PixelX(grid.FirstX + (from.X * grid.StepX)),
        area.PixelY(grid.FirstY + (from.Y * grid.StepY)),
        area.PixelX(grid.FirstX + (to.X * grid.StepX)),
        area.PixelY(grid.FirstY + (to.Y * grid.StepY)));
}
