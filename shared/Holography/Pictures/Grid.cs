namespace Holoflow.Holography.Pictures;

/// <summary>Values on a regular grid.</summary>
/// <param name="Values">[y][x], the row of the smallest y index first, as in a FITS image.</param>
/// <param name="Width">Points along x.</param>
/// <param name="Height">Points along y.</param>
/// <param name="FirstX">The coordinate of the first point of a row.</param>
/// <param name="StepX">From point to point; negative where x falls, as right ascension does.</param>
/// <param name="FirstY">The coordinate of the first row.</param>
/// <param name="StepY">From row to row.</param>
public sealed record Grid(ReadOnlyMemory<float> Values, int Width, int Height, double FirstX, double StepX, double FirstY, double StepY)
{
    /// <summary>A grid centred on (0, 0); values [y][x], steps in the unit of the axes.</summary>
    public static Grid Centred(ReadOnlyMemory<float> values, int width, int height, double stepX, double stepY) =>
        new(values, width, height, -stepX * (width - 1) / 2.0, stepX, -stepY * (height - 1) / 2.0, stepY);

    /// <summary>An axis over all of x, with half a step of room at either end.</summary>
    public Axis AxisX(string label) => new(label, FirstX - (StepX / 2), FirstX + (StepX * (Width - 0.5)));

    /// <summary>An axis over all of y, with half a step of room at either end.</summary>
    public Axis AxisY(string label) => new(label, FirstY - (StepY / 2), FirstY + (StepY * (Height - 0.5)));

    internal float At(int x, int y) => Values.Span[(y * Width) + x];
}
