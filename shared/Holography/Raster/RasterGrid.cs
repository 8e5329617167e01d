namespace Holoflow.Holography.Raster;

/// <summary>
/// The nominal raster: a regular grid of offsets about the source, not necessarily square. Points are numbered from the
/// smallest l and m, l fastest. HOLOGRAPHY section 1 and eq. 5.
/// </summary>
public sealed record RasterGrid
{
    /// <summary>A grid of <paramref name="columns"/> x <paramref name="rows"/> points, <paramref name="step"/> rad apart.</summary>
    /// <exception cref="ArgumentException">Fewer than 2 points a side, or a step outside (0, 0.1) rad.</exception>
    public RasterGrid(int columns, int rows, double step)
    {
        if (columns < 2 || rows < 2) throw new ArgumentException($"a raster needs at least 2 x 2 points, not {columns} x {rows}", nameof(columns));
        if (!(step is > 0 and < 0.1)) throw new ArgumentException($"raster step {step} rad is outside (0, 0.1)", nameof(step));
        (Columns, Rows, Step) = (columns, rows, step);
    }

    /// <summary>Points along l.</summary>
    public int Columns { get; }

    /// <summary>Points along m.</summary>
    public int Rows { get; }

    /// <summary>Distance of neighbouring points, rad.</summary>
    public double Step { get; }

    /// <summary>Number of points.</summary>
    public int Count => Columns * Rows;

    /// <summary>Half of the shorter side, rad: h in eq. 15.</summary>
    public double HalfWidth => (Math.Min(Columns, Rows) - 1) / 2.0 * Step;

    /// <summary>Nominal offset of a point, rad.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such point.</exception>
    public SkyOffset this[int point]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(point);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(point, Count);
            return new(((point % Columns) - ((Columns - 1) / 2.0)) * Step, ((point / Columns) - ((Rows - 1) / 2.0)) * Step);
        }
    }

    /// <summary>
    /// The point nearest to an achieved offset, or null where the offset is more than half a step from every point in l or in m.
    /// </summary>
    public int? Nearest(SkyOffset offset)
    {
        var column = Math.Round((offset.L / Step) + ((Columns - 1) / 2.0));
        var row = Math.Round((offset.M / Step) + ((Rows - 1) / 2.0));
        return column >= 0 && column < Columns && row >= 0 && row < Rows ? ((int)row * Columns) + (int)column : null;
    }
}
