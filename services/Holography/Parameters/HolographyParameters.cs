using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Holoflow.HolographyFlow.Parameters;

/// <summary>What one beam's allocation on a cluster is given. HOLOGRAPHY section 9.4.</summary>
sealed record AllocationParameters
{
    [Range(1, 256), Description("Cores of a task that reduces one beam")]
    public int Cores { get; init; } = 2;

    [Range(0.5, 1024), Description("Memory of a task that reduces one beam, GB")]
    public double MemoryGigabytes { get; init; } = 4;

    [Range(1, 10_080), Description("Time of a task that reduces one beam, minutes")]
    public double WalltimeMinutes { get; init; } = 30;

    [Range(1, 1000), Description("Beams that one job of a cluster's array reduces, one after another")]
    public int Pack { get; init; } = 1;

    [Range(1, 100_000), Description("Jobs of the array that run at a time; left out, as many as the cluster lets")]
    public int? Throttle { get; init; }
}

/// <summary>Parameters of the holography flow. HOLOGRAPHY section 9.3.</summary>
sealed record HolographyParameters
{
    [Range(1, int.MaxValue), Description("Scheduling block of the holography observation")]
    public required int Sbid { get; init; }

    [Description("Folder that holds the observation as workdir/sbid")]
    public required string Workdir { get; init; }

    [Description("Folder to copy the MeasurementSets from; left out, they lie in workdir/sbid")]
    public string? SourceDirectory { get; init; }

    [Description("Scheduling block file; left out, workdir/sbid/scheduling-block.json")]
    public string? SchedulingBlockPath { get; init; }

    [Description("Reference antenna by name; left out, the scheduling block's")]
    public string? GridAntenna { get; init; }

    [Description("Beams to reduce; left out, all")]
    public int[]? Beams { get; init; }

    [Range(1, 1000), Description("Beams that were recorded; left out, the scheduling block's, else 36")]
    public int? ExpectedBeams { get; init; }

    [Range(1, 1000), Description("Beams without which nothing is reduced; left out, all that are expected")]
    public int? MinBeams { get; init; }

    [Range(2, 1000), Description("Antennas that a channel's mean needs")]
    public int MinAntennas { get; init; } = 8;

    [AllowedValues("voltage-rbf", "voltage-aperture", "power-spline"), Description("How the raster becomes the output grid")]
    public string Regrid { get; init; } = "voltage-rbf";

    [Range(33, 513), Description("Pixels a side of the products, odd")]
    public int OutputPixels { get; init; } = 101;

    [Range(0, 600, MinimumIsExclusive = true), Description("Samples farther from their raster point are dropped, arcmin; below half a raster step")]
    public double PointingToleranceArcmin { get; init; } = 3;

    [Range(0, 3600), Description("Time dropped at the start of each raster point, s; left out, one integration")]
    public double? SettleSeconds { get; init; }

    [Range(0, 30), Description("Raster points an antenna may miss, per cent; with more it is dropped")]
    public double MaxMissingPointsPercent { get; init; } = 5;

    [Range(1, 100, MinimumIsExclusive = true), Description("Largest peak of I of an antenna's beam, fraction of its centre")]
    public double AmpMax { get; init; } = 1.4;

    [Length(2, 2), Description("Smallest and largest amplitude of an antenna's beam against the array's")]
    public double[] ShiftAmpLimits { get; init; } = [0.8, 1.25];

    [Range(0, 9), Description("Highest order of the polynomial in frequency")]
    public int MaxOrder { get; init; } = 5;

    [AllowedValues("fixed", "aic", "bic"), Description("How the order is chosen")]
    public string OrderBy { get; init; } = "bic";

    [Range(2, 10), Description("Clipping of the fit in frequency, robust sigma")]
    public double SnrLimit { get; init; } = 3;

    [Range(1, 5), Description("Terms of the Taylor product; fewer than the good channels")]
    public int TaylorTerms { get; init; } = 3;

    [Range(0, 0.5), Description("Smallest I by which leakage is divided")]
    public double LeakageFloor { get; init; } = 0.01;

    [Description("File of the source's components; needed where the source is known to be resolved")]
    public string? SourceModel { get; init; }

    [Range(-180, 180), Description("Angle of the receptors, degrees, sign kept; left out, the scheduling block's")]
    public double? PolAxisDegrees { get; init; }

    [Description("Go on with the nominal raster where the MeasurementSets have no POINTING rows")]
    public bool NominalWithoutPointing { get; init; }

    [Description("File of the reference antenna's Y to X gain ratio per channel; left out, the data are taken as XY-phase calibrated")]
    public string? ReferenceXyPhase { get; init; }

    [Description("Folder to install the products into; left out, they stay in workdir/sbid/products")]
    public string? BeamPath { get; init; }

    [Description("Replace installed products that differ")]
    public bool ReplaceInstalled { get; init; }

    [Description("Who is told that the run started, completed, failed or was cancelled: a file that CloudEvents are appended to, or an http(s) address that they are posted to; left out, workdir/sbid/announcements.jsonl")]
    public string? AnnounceTo { get; init; }

    [RegularExpression("[a-z0-9-]+"), Description("Site in the events' subject")]
    public string Site { get; init; } = "mro";

    [RegularExpression("[a-z0-9-]+"), Description("Group in the events' subject")]
    public string Group { get; init; } = "holography";

    public AllocationParameters Allocation { get; init; } = new();
}
