namespace Holoflow.HolographyFlow.Reduction;

/// <summary>
/// What a per-beam task hands to the next: a file, or why the beam has none. A beam that its data rule out is an outcome; a disk that is full is an exception, so
/// that a retried run comes back to it.
/// </summary>
/// <param name="Beam">Beam number.</param>
/// <param name="Path">The stage's file; empty for a beam that is out.</param>
/// <param name="Key">The file's <see cref="StageKey"/>.</param>
/// <param name="Figures">What the stages counted, for qa.json.</param>
/// <param name="Rejection">Why the beam is out.</param>
sealed record BeamOutcome(int Beam, string Path, string Key, BeamFigures Figures, string? Rejection = null)
{
    public BeamOutcome Reject(string reason) => this with { Path = "", Key = "", Rejection = reason };
}

/// <summary>Counts of one beam.</summary>
sealed record BeamFigures
{
    /// <summary>Rows with the reference antenna that were averaged.</summary>
    public long RowsUsed { get; init; }

    /// <summary>Rows dropped: not settled, off target, or of an integration that the raster does not know.</summary>
    public long RowsDropped { get; init; }

    /// <summary>Visibilities that were not finite; they count as flagged.</summary>
    public long NonFinite { get; init; }

    /// <summary>Flagged fraction of the averaged voltages before RFI was looked for.</summary>
    public double FlaggedBefore { get; init; }

    /// <summary>And after.</summary>
    public double FlaggedAfter { get; init; }

    /// <summary>Channels without a mean, which the fit fills.</summary>
    public int FilledChannels { get; init; }

    /// <summary>Spectra of a pixel and Stokes parameter that could not be fitted.</summary>
    public int FailedSpectra { get; init; }

    /// <summary>Warnings of this beam.</summary>
    public string[] Warnings { get; init; } = [];

    public BeamFigures Warn(string warning) => this with { Warnings = [.. Warnings, warning] };
}
