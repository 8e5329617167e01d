using Holoflow.Holography.Raster;

namespace Holoflow.HolographyFlow.Observations;

/// <summary>What H0 resolved from the scheduling block and the parameters: manifest.json. Angles in degrees, as people read them.</summary>
sealed record Manifest
{
    public required long SchedulingBlockId { get; init; }

    public required string ReferenceAntenna { get; init; }

    public required int RasterColumns { get; init; }

    public required int RasterRows { get; init; }

    public required double RasterStepDegrees { get; init; }

    public required double RasterRotationDegrees { get; init; }

    public required int FirstScan { get; init; }

    public required FootprintEntry Footprint { get; init; }

    /// <summary>Angle of the receptors, sign kept.</summary>
    public required double PolarizationAxisDegrees { get; init; }

    public required long? BeamWeightsId { get; init; }

    public required SourceEntry Source { get; init; }

    /// <summary>Beams of the product: the length of its BEAM axis.</summary>
    public required int ExpectedBeams { get; init; }

    public required int MinBeams { get; init; }

    public required DateTimeOffset? StartTime { get; init; }

    public required double DishDiameterMetres { get; init; }

    /// <summary>The nominal raster.</summary>
    public RasterGrid Raster() => new(RasterColumns, RasterRows, Angles.Radians(RasterStepDegrees));

    /// <summary>The footprint with the offsets of the admitted observation.</summary>
    /// <param name="offsetsDegrees">[B][2].</param>
    public Footprint FootprintWith(double[][] offsetsDegrees) => Holography.Raster.Footprint.FromOffsets(
        Footprint.Name,
        Angles.Radians(Footprint.PitchDegrees),
        Angles.Radians(Footprint.RotationDegrees),
        offsetsDegrees.Select(o => new SkyOffset(Angles.Radians(o[0]), Angles.Radians(o[1]))));
}
