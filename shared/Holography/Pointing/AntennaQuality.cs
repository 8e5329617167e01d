using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Pointing;

/// <summary>Why an antenna's beam is left out of a channel's mean. HOLOGRAPHY eq. 11.</summary>
[Flags]
public enum QualityFlags
{
    /// <summary>Nothing wrong.</summary>
    None = 0,

    /// <summary>No data, too few points, or a centre that cannot be normalised.</summary>
    NoData = 1,

    /// <summary>The peak of I lies outside its limits.</summary>
    Peak = 2,

    /// <summary>The position could not be fitted.</summary>
    NoFit = 4,

    /// <summary>The position lies off a robust polynomial in frequency by more than 3 interquartile ranges.</summary>
    ShiftResidual = 8,

    /// <summary>The amplitude against the array's median beam lies outside its limits.</summary>
    AmplitudeRatio = 16,

    /// <summary>The position jumps against both neighbouring channels.</summary>
    ShiftJump = 32,
}

/// <summary>Limits of the quality flags; HOLOGRAPHY section 9.3.</summary>
public sealed record QualityLimits
{
    /// <summary>Smallest peak of I, fraction of the centre.</summary>
    public double PeakMin { get; init; } = 0.5;

    /// <summary>Largest peak of I, fraction of the centre (ampMax).</summary>
    public double PeakMax { get; init; } = 1.4;

    /// <summary>Smallest amplitude ratio.</summary>
    public double RatioMin { get; init; } = 0.8;

    /// <summary>Largest amplitude ratio.</summary>
    public double RatioMax { get; init; } = 1.25;

    /// <summary>Order of the robust polynomial that shifts must follow.</summary>
    public int ShiftOrder { get; init; } = 2;

    /// <summary>Interquartile ranges that a shift may be off it.</summary>
    public double ShiftRanges { get; init; } = 3;

    /// <summary>
    /// Shifts within this of the polynomial are never flagged, rad (0.5 arcmin): they move an antenna's beam by less than leaving the antenna out
    /// would move the array's mean.
    /// </summary>
    public double ShiftFloor { get; init; } = 0.5 * Math.PI / 180 / 60;
}

/// <summary>What is known of one antenna's beam in one channel.</summary>
public struct AntennaQuality
{
    /// <summary>Largest I on the grid, fraction of the centre.</summary>
    public float Peak;

    /// <summary>Position less the nominal beam centre, rad; the array's mean not yet removed. NaN where not fitted.</summary>
    public SkyOffset Shift;

    /// <summary>Amplitude against the array's median beam.</summary>
    public float AmplitudeRatio;

    /// <summary>Flags.</summary>
    public QualityFlags Flags;
}
