using Holoflow.HolographyFlow.Parameters;

namespace Holoflow.HolographyFlow.Observations;

/// <summary>H0: what is to be reduced, from the scheduling block and the parameters. A pure function; parameters win.</summary>
static class ManifestResolution
{
    const int DefaultBeams = 36;

    /// <summary>Resolves the manifest.</summary>
    /// <param name="block">The scheduling block.</param>
    /// <param name="p">The parameters.</param>
    /// <param name="manifest">The manifest, where there are no mistakes.</param>
    /// <returns>All mistakes.</returns>
    public static IReadOnlyList<string> Resolve(SchedulingBlock block, HolographyParameters p, out Manifest? manifest)
    {
        var expected = p.ExpectedBeams ?? block.ExpectedBeams ?? block.FootprintBeams ?? DefaultBeams;
        var axis = p.PolAxisDegrees ?? block.PolarizationAxisDegrees;
        var isAxisText = PolarizationAxisText.TryRead(block.PolarizationAxis ?? "", out var written);
        axis ??= isAxisText ? written : null;
        List<string> mistakes = [.. Mistakes(block, p, expected, axis)];
        if (block.PolarizationAxis is not null && !isAxisText)
            mistakes.Add($"polarizationAxis must be an angle in degrees such as [pa_fixed, -45.0], not '{block.PolarizationAxis}'");
        manifest = mistakes.Count > 0 ? null : new Manifest
        {
            SchedulingBlockId = block.SchedulingBlockId,
            ReferenceAntenna = p.GridAntenna ?? block.ReferenceAntenna,
            RasterColumns = block.RasterColumns,
            RasterRows = block.RasterRows,
            RasterStepDegrees = block.RasterStepDegrees,
            RasterRotationDegrees = block.RasterRotationDegrees,
            FirstScan = block.FirstScan,
            Footprint = block.Footprint,
            PolarizationAxisDegrees = axis!.Value,
            BeamWeightsId = block.BeamWeightsId,
            Source = block.Source,
            ExpectedBeams = expected,
            MinBeams = p.MinBeams ?? p.Beams?.Length ?? expected,
            StartTime = block.StartTime,
            DishDiameterMetres = block.DishDiameterMetres,
        };
        return mistakes;
    }

    static IEnumerable<string> Mistakes(SchedulingBlock block, HolographyParameters p, int expected, double? axis)
    {
        if (block.SchedulingBlockId != p.Sbid)
            yield return $"sbid is {p.Sbid}, but the scheduling block's file is of {block.SchedulingBlockId}";
        if (block.RasterColumns < 3 || block.RasterRows < 3)
            yield return $"the raster must have at least 3 x 3 points, not {block.RasterColumns} x {block.RasterRows}";
        if (!(block.RasterStepDegrees is > 0 and < 5))
            yield return $"rasterStepDegrees must be between 0 and 5, not {block.RasterStepDegrees}";
        else if (!(p.PointingToleranceArcmin < block.RasterStepDegrees * 30))
            yield return $"pointingToleranceArcmin must be below half the raster step ({block.RasterStepDegrees * 30:0.##} arcmin), not {p.PointingToleranceArcmin}";
        if (!(block.Footprint.PitchDegrees is > 0 and < 5))
            yield return $"the footprint's pitchDegrees must be between 0 and 5, not {block.Footprint.PitchDegrees}";
        if (block.Footprint.BeamOffsetsDegrees is { } offsets && (offsets.Length != expected || offsets.Any(o => o is not [var l, var m] || !double.IsFinite(l + m))))
            yield return $"beamOffsetsDegrees must hold {expected} pairs of finite numbers, one a beam; it holds {offsets.Length}";
        if (axis is null && block.PolarizationAxis is null)
            yield return "the polarisation axis is not known: give polarizationAxisDegrees in the scheduling block, or the parameter polAxisDegrees";
        if (axis is { } angle && !(angle is >= -180 and <= 180))
            yield return $"the polarisation axis must be from -180 to 180 degrees, not {angle}";
        if (string.IsNullOrWhiteSpace(block.Source.Name))
            yield return "the source needs a name";
        if (!(Math.Abs(block.Source.DeclinationDegrees) <= 90) || !double.IsFinite(block.Source.RightAscensionDegrees))
            yield return $"the source's position ({block.Source.RightAscensionDegrees}, {block.Source.DeclinationDegrees}) degrees is not one on the sky";
        if (!(block.DishDiameterMetres > 0))
            yield return $"dishDiameterMetres must be above 0, not {block.DishDiameterMetres}";
        if ((p.MinBeams ?? 1) > expected)
            yield return $"minBeams must be at most the expected beams ({expected}), not {p.MinBeams}";
        if (p.Beams?.Where(beam => beam >= expected).ToArray() is { Length: > 0 } beyond)
            yield return $"beams must be from 0 to {expected - 1}, not {string.Join(", ", beyond)}";
    }
}
