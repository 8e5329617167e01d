using System.Numerics;
using Holoflow.Holography.Pointing;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Reduction;

/// <summary>Row scales of one antenna and channel (eq. 7): the inverse of its response at the beam centre, a gain stability product.</summary>
/// <param name="X">Of the X row, 1/Jy; 0 where there is none.</param>
/// <param name="Y">Of the Y row.</param>
public readonly record struct RowScale(Complex X, Complex Y);

/// <summary>One beam's mean over antennas (HOLOGRAPHY eq. 12): what H8 makes and H10 cleans.</summary>
public sealed class BeamMean
{
    internal BeamMean(OutputGrid grid, double[] frequencies, int antennas)
    {
        Grid = grid;
        Frequencies = frequencies;
        Mean = new float[4 * frequencies.Length * grid.Count];
        StandardError = new float[Mean.Length];
        AntennasUsed = new int[frequencies.Length];
        Quality = new AntennaQuality[antennas][];
        Scales = new RowScale[antennas][];
        for (var a = 0; a < antennas; a++)
        {
            Quality[a] = new AntennaQuality[frequencies.Length];
            Scales[a] = new RowScale[frequencies.Length];
        }
    }

    /// <summary>The beam's pixel grid.</summary>
    public OutputGrid Grid { get; }

    /// <summary>[C], Hz.</summary>
    public double[] Frequencies { get; }

    /// <summary>Stokes I, Q, U, V, [4][C][K][K], in units of I at the beam centre; NaN in flagged channels.</summary>
    public float[] Mean { get; }

    /// <summary>Standard error of <see cref="Mean"/>, same shape and unit.</summary>
    public float[] StandardError { get; }

    /// <summary>Antennas in the mean, [C]; 0 where the channel is flagged.</summary>
    public int[] AntennasUsed { get; }

    /// <summary>Per antenna and channel, [A][C].</summary>
    public AntennaQuality[][] Quality { get; }

    /// <summary>Per antenna and channel, [A][C].</summary>
    public RowScale[][] Scales { get; }

    /// <summary>One plane of <see cref="Mean"/>, [K][K].</summary>
    public Span<float> Plane(int stokes, int channel) => Mean.AsSpan(((stokes * Frequencies.Length) + channel) * Grid.Count, Grid.Count);

    /// <summary>One plane of <see cref="StandardError"/>, [K][K].</summary>
    public Span<float> ErrorPlane(int stokes, int channel) => StandardError.AsSpan(((stokes * Frequencies.Length) + channel) * Grid.Count, Grid.Count);

    /// <summary>Whether each channel is flagged for want of antennas, [C].</summary>
    public bool[] FlaggedChannels() => [.. AntennasUsed.Select(n => n == 0)];
}
