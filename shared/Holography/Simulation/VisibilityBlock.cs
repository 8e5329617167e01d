namespace Holoflow.Holography.Simulation;

/// <summary>The rows of one integration, in MAIN table order: the V of HOLOGRAPHY eq. 1.</summary>
public sealed class VisibilityBlock
{
    internal VisibilityBlock(int rows, int channels)
    {
        (Antenna1, Antenna2) = (new int[rows], new int[rows]);
        Data = new float[rows * channels * 8];
        Flags = new bool[rows * channels * 4];
        Weights = new float[rows * 4];
        Uvw = new double[rows * 3];
        Channels = channels;
    }

    /// <summary>SCAN_NUMBER, which is the raster point.</summary>
    public int Scan { get; internal set; }

    /// <summary>Number of the integration in the observation, from 0.</summary>
    public int Integration { get; internal set; }

    /// <summary>Centre of the integration, MJD s.</summary>
    public double Time { get; internal set; }

    /// <summary>Length, s.</summary>
    public double Exposure { get; internal set; }

    /// <summary>Number of rows.</summary>
    public int Rows => Antenna1.Length;

    /// <summary>Number of channels, C.</summary>
    public int Channels { get; }

    /// <summary>[rows].</summary>
    public int[] Antenna1 { get; }

    /// <summary>[rows]; larger than <see cref="Antenna1"/>.</summary>
    public int[] Antenna2 { get; }

    /// <summary>Visibilities, [rows][C][4][re, im], Jy.</summary>
    public float[] Data { get; }

    /// <summary>[rows][C][4].</summary>
    public bool[] Flags { get; }

    /// <summary>[rows][4], 1/Jy².</summary>
    public float[] Weights { get; }

    /// <summary>[rows][3], m.</summary>
    public double[] Uvw { get; }

    /// <summary>Visibilities of a row, [C][4][re, im].</summary>
    public Span<float> RowData(int row) => Data.AsSpan(row * Channels * 8, Channels * 8);

    /// <summary>Flags of a row, [C][4].</summary>
    public Span<bool> RowFlags(int row) => Flags.AsSpan(row * Channels * 4, Channels * 4);

    /// <summary>Weights of a row, [4].</summary>
    public Span<float> RowWeights(int row) => Weights.AsSpan(row * 4, 4);
}

/// <summary>One row of a POINTING table.</summary>
/// <param name="Antenna">ANTENNA_ID.</param>
/// <param name="Time">MJD s.</param>
/// <param name="RightAscension">Boresight, rad.</param>
/// <param name="Declination">Boresight, rad.</param>
public readonly record struct PointingSample(int Antenna, double Time, double RightAscension, double Declination);
