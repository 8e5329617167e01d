namespace Holoflow.Holography.MeasurementSets;

/// <summary>
/// Reusable buffers for a block of main rows without their visibilities. The first <see cref="Count"/> entries are valid.
/// </summary>
public sealed class MainRows(int capacity)
{
    /// <summary>How many rows fit.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>How many rows are held.</summary>
    public int Count { get; set; }

    /// <summary>Indices into the antennas.</summary>
    public int[] Antenna1 { get; } = new int[capacity];

    public int[] Antenna2 { get; } = new int[capacity];

    /// <summary>The feeds (beams) that the antennas observed with.</summary>
    public int[] Feed1 { get; } = new int[capacity];

    public int[] Feed2 { get; } = new int[capacity];

    public int[] DataDescriptionId { get; } = new int[capacity];

    public int[] FieldId { get; } = new int[capacity];

    /// <summary>The raster position in a holography observation.</summary>
    public int[] ScanNumber { get; } = new int[capacity];

    public int[] StateId { get; } = new int[capacity];

    public int[] ObservationId { get; } = new int[capacity];

    public int[] ArrayId { get; } = new int[capacity];

    public int[] ProcessorId { get; } = new int[capacity];

    /// <summary>Midpoint of the integration, MJD in seconds.</summary>
    public double[] Time { get; } = new double[capacity];

    public double[] TimeCentroid { get; } = new double[capacity];

    /// <summary>Effective integration time in seconds.</summary>
    public double[] Exposure { get; } = new double[capacity];

    /// <summary>Sampling interval in seconds.</summary>
    public double[] Interval { get; } = new double[capacity];

    /// <summary>u, v, w in metres, [row][3].</summary>
    public double[] Uvw { get; } = new double[3 * capacity];

    /// <summary>Whether all data of the row are flagged.</summary>
    public bool[] FlagRow { get; } = new bool[capacity];
}
