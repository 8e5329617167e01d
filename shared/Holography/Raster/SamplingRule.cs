namespace Holoflow.Holography.Raster;

/// <summary>
/// How fine a raster must be. HOLOGRAPHY eq. 18: the voltage pattern of a dish of diameter D is sampled by a step below lambda/D, its
/// power pattern (spatial frequencies twice as high) by a step below lambda/(2D). Baars et al. 2007.
/// </summary>
public static class SamplingRule
{
    /// <summary>Speed of light, m/s.</summary>
    public const double SpeedOfLight = 299_792_458.0;

    /// <summary>Largest step that samples the voltage pattern, rad.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A frequency (Hz) or diameter (m) that is not positive.</exception>
    public static double VoltageStep(double frequency, double diameter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frequency);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(diameter);
        return SpeedOfLight / frequency / diameter;
    }

    /// <summary>Largest step that samples the power pattern, rad: half of <see cref="VoltageStep"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A frequency (Hz) or diameter (m) that is not positive.</exception>
    public static double PowerStep(double frequency, double diameter) => VoltageStep(frequency, diameter) / 2;
}
