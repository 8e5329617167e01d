namespace Holoflow.Holography.Raster;

/// <summary>Why an antenna takes no part.</summary>
/// <param name="Antenna">Antenna number.</param>
/// <param name="Reason">One sentence for the report.</param>
public readonly record struct DroppedAntenna(int Antenna, string Reason);

/// <summary>
/// Where the source truly stood in every antenna's beam pattern, by raster point, and which samples may be averaged.
/// The table that H4 extracts: offsets [A][P] in rad, as eq. 5 of HOLOGRAPHY has them.
/// </summary>
public sealed class AchievedRaster
{
    readonly bool[][] _use;
    readonly int[] _pointOfIntegration;

    internal AchievedRaster(
        RasterGrid grid, SkyOffset[][] offsets, bool[][] present, bool[][] use, int[] pointOfIntegration, IReadOnlyList<DroppedAntenna> dropped, bool nominalOnly)
    {
        Grid = grid;
        Offsets = offsets;
        Present = present;
        _use = use;
        _pointOfIntegration = pointOfIntegration;
        Dropped = dropped;
        NominalOnly = nominalOnly;
    }

    /// <summary>The nominal grid.</summary>
    public RasterGrid Grid { get; }

    /// <summary>Mean achieved offset, [antenna][point], rad; the nominal offset where the point is missing.</summary>
    public SkyOffset[][] Offsets { get; }

    /// <summary>Whether an antenna has any sample at a point, [antenna][point].</summary>
    public bool[][] Present { get; }

    /// <summary>Antennas that miss too many points, with the reason.</summary>
    public IReadOnlyList<DroppedAntenna> Dropped { get; }

    /// <summary>Whether nominal positions were assumed for want of pointing rows; the header must say so.</summary>
    public bool NominalOnly { get; }

    /// <summary>The raster point of an integration (index in the list given to the extraction).</summary>
    public int PointOf(int integration) => _pointOfIntegration[integration];

    /// <summary>Whether an antenna was settled and on target in an integration.</summary>
    public bool Uses(int antenna, int integration) => _use[antenna][integration];

    /// <summary>A raster given as a table of offsets (as read back from raster.fits), every sample usable.</summary>
    /// <param name="grid">The nominal grid.</param>
    /// <param name="offsets">[antenna][point], rad; NaN where missing.</param>
    /// <param name="maxMissingPoints">Fraction of the points above which an antenna is dropped, 0 to 1.</param>
    /// <exception cref="ArgumentException">A row whose length is not the grid's number of points.</exception>
    public static AchievedRaster FromOffsets(RasterGrid grid, SkyOffset[][] offsets, double maxMissingPoints = 0.05)
    {
        var present = new bool[offsets.Length][];
        var filled = new SkyOffset[offsets.Length][];
        for (var a = 0; a < offsets.Length; a++)
        {
            if (offsets[a].Length != grid.Count)
                throw new ArgumentException($"antenna {a} has {offsets[a].Length} points, the raster {grid.Count}", nameof(offsets));
            present[a] = [.. offsets[a].Select(o => double.IsFinite(o.L + o.M))];
            var known = present[a];
            filled[a] = [.. offsets[a].Select((o, p) => known[p] ? o : grid[p])];
        }

        var use = present.Select(row => row.ToArray()).ToArray();
        return new(grid, filled, present, use, [.. Enumerable.Range(0, grid.Count)], FindDropped(present, grid.Count, maxMissingPoints, null), nominalOnly: false);
    }

    /// <summary>A raster as its tables say, for what was written to a file and is read back.</summary>
    /// <param name="grid">The nominal grid.</param>
    /// <param name="offsets">[antenna][point], rad.</param>
    /// <param name="present">[antenna][point].</param>
    /// <param name="use">[antenna][integration].</param>
    /// <param name="pointOfIntegration">The raster point of every integration, [integration].</param>
    /// <param name="dropped">Antennas that take no part, [those that are dropped].</param>
    /// <param name="nominalOnly">Whether positions are assumed.</param>
    /// <exception cref="ArgumentException">Tables that do not fit the grid or each other.</exception>
    public static AchievedRaster FromTables(
        RasterGrid grid, SkyOffset[][] offsets, bool[][] present, bool[][] use, int[] pointOfIntegration, IReadOnlyList<DroppedAntenna> dropped, bool nominalOnly)
    {
        if (present.Length != offsets.Length || use.Length != offsets.Length || offsets.Any(row => row.Length != grid.Count)
            || present.Any(row => row.Length != grid.Count) || use.Any(row => row.Length != pointOfIntegration.Length))
            throw new ArgumentException($"the tables do not fit a raster of {grid.Count} points and {pointOfIntegration.Length} integrations", nameof(offsets));
        return new(grid, offsets, present, use, pointOfIntegration, dropped, nominalOnly);
    }

    internal static List<DroppedAntenna> FindDropped(bool[][] present, int points, double maxMissing, int? reference)
    {
        var dropped = new List<DroppedAntenna>();
        for (var a = 0; a < present.Length; a++)
        {
            if (a == reference) continue;
            var missing = points - present[a].Count(x => x);
            if (missing > maxMissing * points)
                dropped.Add(new(a, $"antenna {a} misses {missing} of {points} raster points; at most {maxMissing:P0} may be missing"));
        }

        return dropped;
    }
}
