using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Beams;

/// <summary>Noise and beam separation. HOLOGRAPHY eqs. 17 to 19.</summary>
public static class Sensitivity
{
    /// <summary>
    /// Eq. 19, thermal noise of the real (or imaginary) part of a visibility: SEFD / sqrt(2 bandwidth time), Jy. 1800 Jy, 1 MHz, 50 s give 0.18 Jy.
    /// </summary>
    /// <param name="sefd">System equivalent flux density, Jy.</param>
    /// <param name="bandwidth">Hz.</param>
    /// <param name="time">s.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value that is not positive.</exception>
    public static double Noise(double sefd, double bandwidth, double time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sefd);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bandwidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(time);
        return sefd / Math.Sqrt(2 * bandwidth * time);
    }

    /// <summary>Eq. 17, the half-power width to expect of a dish: 1.09 lambda/D, rad (1.65 deg at 943 MHz for 12 m).</summary>
    public static double ExpectedFwhm(double frequency, double diameter) => 1.09 * SamplingRule.SpeedOfLight / frequency / diameter;

    /// <summary>Squint: centroid of the X beam less that of the Y beam, rad; null where either cannot be measured.</summary>
    /// <param name="x">X power plane, [y][x], 1 at its peak.</param>
    /// <param name="y">Y power plane, [y][x], 1 at its peak.</param>
    /// <param name="grid">Their grid.</param>
    public static SkyOffset? Squint(ReadOnlySpan<float> x, ReadOnlySpan<float> y, OutputGrid grid) =>
        BeamShape.Measure(x, grid) is { } first && BeamShape.Measure(y, grid) is { } second ? first.Centroid - second.Centroid : null;
}
