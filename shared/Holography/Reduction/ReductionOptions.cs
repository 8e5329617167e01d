using Holoflow.Holography.Pointing;
using Holoflow.Holography.Regridding;

namespace Holoflow.Holography.Reduction;

/// <summary>The three ways of regridding; HOLOGRAPHY eq. 6.</summary>
public enum RegridMode
{
    /// <summary>Cubic radial basis on complex voltages, straight to the output grid.</summary>
    VoltageRbf,

    /// <summary>Ridge least squares on an aperture of limited extent.</summary>
    VoltageAperture,

    /// <summary>Compatible with the pipeline that this replaces: Stokes on the raster's own grid, then an order-5 spline.</summary>
    PowerSpline,
}

/// <summary>How an antenna's beam position is measured; HOLOGRAPHY eq. 10.</summary>
public enum PointingMethod
{
    /// <summary>Elliptical Gaussian on I above 0.3.</summary>
    GaussianFit,

    /// <summary>Phase slope of the transform against the array's median beam; the position is relative to that.</summary>
    PhaseSlope,
}

/// <summary>How a beam's voltages become its mean beam (H7 and H8); HOLOGRAPHY section 9.3.</summary>
public sealed record ReductionOptions
{
    /// <summary>Regridding mode.</summary>
    public RegridMode Mode { get; init; } = RegridMode.VoltageRbf;

    /// <summary>Receptor angle, rad, sign kept: -45 deg for holography.</summary>
    public double ReceptorAngle { get; init; } = -Math.PI / 4;

    /// <summary>
    /// How much antennas' beams differ among themselves, relative: added to the noise in an antenna's weight, so that bright sources weigh antennas
    /// equally (the array's mean is wanted, not the best antenna's beam) and faint ones by their noise.
    /// </summary>
    public double IntrinsicScatter { get; init; } = 0.01;

    /// <summary>Antennas that a channel needs, at least 2.</summary>
    public int MinAntennas { get; init; } = 8;

    /// <summary>Largest fraction of flagged points in a plane that is interpolated over, 0 to 0.3.</summary>
    public double MaxMissingPoints { get; init; } = 0.05;

    /// <summary>Quality limits.</summary>
    public QualityLimits Limits { get; init; } = new();

    /// <summary>How beam positions are measured.</summary>
    public PointingMethod Pointing { get; init; } = PointingMethod.GaussianFit;

    /// <summary>Parameters of <see cref="RegridMode.VoltageAperture"/>.</summary>
    public ApertureOptions Aperture { get; init; } = new();

    /// <summary>Threads to use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
