using System.Text.Json.Serialization;

namespace Holoflow.HolographyFlow.Observations;

/// <summary>The footprint as the scheduling block names it.</summary>
/// <param name="Name">Such as closepack36.</param>
/// <param name="PitchDegrees">Distance of neighbouring beams.</param>
/// <param name="RotationDegrees">Position angle of the footprint, North through East.</param>
/// <param name="BeamOffsetsDegrees">
/// By beam number: offsets (l, m) in the orthographic plane, East and North, in degrees (direction cosine x 180 / pi), scaled and rotated
/// already. Left out, the FEED table is asked, then the built-in table of that name.
/// </param>
sealed record FootprintEntry(string Name, double PitchDegrees, double RotationDegrees = 0, double[][]? BeamOffsetsDegrees = null);

/// <summary>The source that was observed.</summary>
/// <param name="Name">As in the FIELD table.</param>
/// <param name="RightAscensionDegrees">J2000.</param>
/// <param name="DeclinationDegrees">J2000.</param>
sealed record SourceEntry(string Name, double RightAscensionDegrees, double DeclinationDegrees);

/// <summary>
/// What a holography observation's scheduling block says, as its JSON file gives it (units in every name). HOLOGRAPHY section 1.
/// </summary>
sealed record SchedulingBlock
{
    /// <summary>The file that lies beside the MeasurementSets.</summary>
    public const string FileName = "scheduling-block.json";

    public required long SchedulingBlockId { get; init; }

    /// <summary>Name of the antenna that stays on the source.</summary>
    public required string ReferenceAntenna { get; init; }

    public required int RasterColumns { get; init; }

    public required int RasterRows { get; init; }

    public required double RasterStepDegrees { get; init; }

    /// <summary>Position angle of the raster's own frame; 0 where it follows the sky.</summary>
    public double RasterRotationDegrees { get; init; }

    /// <summary>SCAN_NUMBER of the raster's first point.</summary>
    public int FirstScan { get; init; }

    public required FootprintEntry Footprint { get; init; }

    /// <summary>Angle of the receptors, sign kept. Either this or <see cref="PolarizationAxis"/>.</summary>
    public double? PolarizationAxisDegrees { get; init; }

    /// <summary>The same as the scheduling system writes it, such as <c>[pa_fixed, -45.0]</c>.</summary>
    public string? PolarizationAxis { get; init; }

    /// <summary>Scheduling block of the beamformer weights.</summary>
    public long? BeamWeightsId { get; init; }

    public required SourceEntry Source { get; init; }

    /// <summary>How many beams were recorded; left out: as many as the footprint has.</summary>
    public int? ExpectedBeams { get; init; }

    /// <summary>When the executive started the observation.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Diameter of the dishes.</summary>
    public double DishDiameterMetres { get; init; } = 12;

    /// <summary>Number of beams in a built-in footprint or of the offsets given.</summary>
    [JsonIgnore]
    public int? FootprintBeams => Footprint.BeamOffsetsDegrees?.Length ?? (Footprint.Name is "closepack36" or "square_6x6" ? 36 : null);
}
