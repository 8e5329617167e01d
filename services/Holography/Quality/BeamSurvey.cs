using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.HolographyFlow.Quality;

/// <summary>A width and a squint at one frequency.</summary>
/// <param name="FrequencyHz">The channel.</param>
/// <param name="Fwhm">Half-power width of I, rad; null where it cannot be measured.</param>
/// <param name="Squint">Centroid of X less that of Y, rad; null likewise.</param>
sealed record WidthSample(double FrequencyHz, double? Fwhm, SkyOffset? Squint);

/// <summary>What the pictures and checks need of one beam: small, whatever the size of the beam's planes.</summary>
sealed record BeamSurvey
{
    public required int Beam { get; init; }

    public required OutputGrid Grid { get; init; }

    /// <summary>By antenna and channel.</summary>
    public required AntennaTables Tables { get; init; }

    /// <summary>Antennas in the mean, [C].</summary>
    public required int[] AntennasUsed { get; init; }

    /// <summary>I in the middle channel, [K][K].</summary>
    public required float[] Intensity { get; init; }

    /// <summary>Mean over antennas before the fit in the middle channel that has one, and its standard error, [K][K]; NaN where no channel has.</summary>
    public required float[] Mean { get; init; }

    public required float[] StandardError { get; init; }

    public required WidthSample[] Widths { get; init; }

    /// <summary>Position of the mean beam and of Taylor term 0 against the nominal one, rad.</summary>
    public required SkyOffset? MeanShift { get; init; }

    public required SkyOffset? TaylorShift { get; init; }

    /// <summary>Largest |Q|, |U|, |V| over I where I is above 0.5, over the sampled channels.</summary>
    public required double[] LargestLeakage { get; init; }

    /// <summary>Flagged fraction of the voltages by antenna, [A], and by channel, [C].</summary>
    public required double[] FlaggedByAntenna { get; init; }

    public required double[] FlaggedByChannel { get; init; }
}
