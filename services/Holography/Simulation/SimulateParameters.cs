using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Holoflow.HolographyFlow.Simulation;

/// <summary>Parameters of the flow that makes an observation of known truth. HOLOGRAPHY section 10.</summary>
sealed record SimulateParameters
{
    [Range(1, int.MaxValue), Description("Scheduling block number to give it")]
    public int Sbid { get; init; } = 1;

    [Description("Folder to make workdir/sbid in")]
    public required string Workdir { get; init; }

    [Range(3, 64), Description("Antennas, the reference among them")]
    public int Antennas { get; init; } = 6;

    [Range(0, 63), Description("Index of the reference antenna; left out, the first")]
    public int ReferenceAntenna { get; init; }

    [AllowedValues("square-2x2", "closepack36", "square_6x6"), Description("Footprint of the beams")]
    public string Footprint { get; init; } = "square-2x2";

    [Range(0.1, 2), Description("Footprint pitch, degrees")]
    public double PitchDegrees { get; init; } = 0.9;

    [Range(1, 36), Description("Beams recorded, the first of the footprint; left out, all")]
    public int? Beams { get; init; }

    [Range(4, 2048), Description("Channels")]
    public int Channels { get; init; } = 16;

    [Range(300, 3000), Description("Centre of the first channel, MHz")]
    public double FirstFrequencyMegahertz { get; init; } = 1080;

    [Range(0.001, 100), Description("Channel width, MHz")]
    public double ChannelWidthMegahertz { get; init; } = 1;

    [Range(3, 64), Description("Raster points along East")]
    public int RasterColumns { get; init; } = 9;

    [Range(3, 64), Description("Raster points along North")]
    public int RasterRows { get; init; } = 9;

    [Range(0.05, 2), Description("Raster step, degrees")]
    public double RasterStepDegrees { get; init; } = 0.6;

    [Range(1, 1000), Description("Settled integrations a raster point")]
    public int IntegrationsPerPoint { get; init; } = 3;

    [Range(0.1, 1000), Description("Length of an integration, s")]
    public double IntegrationSeconds { get; init; } = 10;

    [Range(0.001, 1e6), Description("Flux density of the source, Jy")]
    public double FluxJansky { get; init; } = 290;

    [Description("File of the components of a resolved source, which replaces the point")]
    public string? SourceModel { get; init; }

    [Range(-180, 180), Description("XY phase of the reference antenna that calibration left, degrees")]
    public double ReferenceXyPhaseDegrees { get; init; }

    [Range(0, 1e6), Description("System equivalent flux density, Jy; 0 for no noise")]
    public double SefdJansky { get; init; } = 1800;

    [Range(0, 30), Description("Scatter of the antennas' pointing, arcmin")]
    public double PointingScatterArcmin { get; init; } = 1.5;

    [Range(-180, 180), Description("Angle of the receptors, degrees")]
    public double PolAxisDegrees { get; init; } = -45;

    [AllowedValues("analytic", "meerkat"), Description("The true beams: an aperture model, or those measured of MeerKAT")]
    public string BeamModel { get; init; } = "analytic";

    [Range(33, 513), Description("Pixels a side of the truth, odd: as the reduction's outputPixels")]
    public int OutputPixels { get; init; } = 101;

    [Description("Leave out truth.fits, which is as large as the cube that a reduction makes")]
    public bool WithoutTruth { get; init; }

    [Description("Write every baseline, not only the reference's")]
    public bool AllBaselines { get; init; }

    [Description("Seed of everything random")]
    public long Seed { get; init; } = 20260101;

    [Description("What is to be wrong, such as missing-beam:2")]
    public string[] Faults { get; init; } = [];

    [Description("Replace an observation that this flow made there before")]
    public bool Replace { get; init; }
}
