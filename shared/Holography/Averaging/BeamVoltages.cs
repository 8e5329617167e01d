namespace Holoflow.Holography.Averaging;

/// <summary>
/// The averaged voltages of one beam (HOLOGRAPHY eq. 3): what H5 makes, H6 flags and H7 regrids. By antenna, so that a file can be written and read an antenna
/// at a time; within an antenna point-major, which is the order in which the regridding multiplies.
/// </summary>
public sealed class BeamVoltages
{
    /// <summary>Empty voltages: everything zero, without weight, flagged.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A dimension below 1.</exception>
    public BeamVoltages(int antennas, int points, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(antennas, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        (Antennas, Points, Channels) = (antennas, points, channels);
        Values = Rows(() => new float[points * channels * Product.Count * 2]);
        Weights = Rows(() => new float[points * channels * Product.Count]);
        Hits = Rows(() => new int[points]);
        Flags = Rows(() => NewFlags(points * channels));
    }

    /// <summary>Number of antennas, A.</summary>
    public int Antennas { get; }

    /// <summary>Number of raster points, P.</summary>
    public int Points { get; }

    /// <summary>Number of channels, C.</summary>
    public int Channels { get; }

    /// <summary>Mean voltage of target against reference, [A][P, C, 4, (re, im)], Jy (correlator units); 0 where flagged for want of data.</summary>
    public float[][] Values { get; }

    /// <summary>Sum of w f (eq. 3), [A][P, C, 4], in units of the MeasurementSet's weights.</summary>
    public float[][] Weights { get; }

    /// <summary>Integrations averaged, [A][P].</summary>
    public int[][] Hits { get; }

    /// <summary>Flags, [A][P, C]: no data in some product, or RFI.</summary>
    public bool[][] Flags { get; }

    /// <summary>Index in <see cref="Flags"/> of a point and channel; times 4 in <see cref="Weights"/>, times 8 in <see cref="Values"/>.</summary>
    public int Index(int point, int channel) => (point * Channels) + channel;

    /// <summary>Flagged fraction of an antenna, 0 to 1.</summary>
    public double FlaggedFraction(int antenna) => (double)Flags[antenna].AsSpan().Count(true) / Flags[antenna].Length;

    T[] Rows<T>(Func<T> make)
    {
        var rows = new T[Antennas];
        for (var a = 0; a < rows.Length; a++) rows[a] = make();
        return rows;
    }

    static bool[] NewFlags(int count)
    {
        var flags = new bool[count];
        Array.Fill(flags, true);
        return flags;
    }
}
