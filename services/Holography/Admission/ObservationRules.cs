using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Validation;

namespace Holoflow.HolographyFlow.Admission;

/// <summary>Rules about the observation as a whole: channels, scans, pointing, source, sampling, disk.</summary>
static class ObservationRules
{
    const int MaxRepeats = 4;

    public static IEnumerable<string> Refusals(AdmissionInput input, IReadOnlyList<BeamReport> admitted, double[][]? offsetsDegrees)
    {
        if (admitted.Count == 0)
            yield break;
        var (manifest, p, first) = (input.Manifest, input.Parameters, admitted[0]);
        if (admitted.FirstOrDefault(report => !report.FrequenciesHz.SequenceEqual(first.FrequenciesHz)) is { } other)
            yield return $"channels differ between beams: beam {first.Beam} has {Channels(first)}, beam {other.Beam} {Channels(other)}";
        var points = manifest.RasterColumns * manifest.RasterRows;
        var lastScan = manifest.FirstScan + (MaxRepeats * points) - 1;
        foreach (var report in admitted.Where(report => report.FirstScan < manifest.FirstScan || report.LastScan > lastScan).Take(1))
            yield return $"{report.Path}: scan numbers {report.FirstScan} to {report.LastScan} are out of range: a raster of {manifest.RasterColumns} x {manifest.RasterRows} points, repeated up to {MaxRepeats} times, uses {manifest.FirstScan} to {lastScan}";
        if (!p.NominalWithoutPointing && admitted.All(report => report.PointingRows == 0))
            yield return "no MeasurementSet has POINTING rows; give nominalWithoutPointing to assume the nominal raster (the products will say so)";
        if (p.SourceModel is null && KnownSources.StructureOf(manifest.Source.Name) == SourceStructure.Resolved)
            yield return $"the source {manifest.Source.Name} is resolved: give sourceModel, the file of its components";
        if (p.TaylorTerms >= first.FrequenciesHz.Length)
            yield return $"taylorTerms must be below the number of channels ({first.FrequenciesHz.Length}), not {p.TaylorTerms}";
        if (offsetsDegrees is not null && HalfWidthDegrees(manifest) <= Extent(offsetsDegrees))
            yield return $"the raster reaches {HalfWidthDegrees(manifest):0.##} degrees and the beams {Extent(offsetsDegrees):0.##}: nothing is left for the output grid";
        var needed = DiskEstimate.Needed(first.Antennas.Length, points, first.FrequenciesHz.Length, p.OutputPixels, admitted.Count, manifest.ExpectedBeams);
        if (input.FreeBytes < needed)
            yield return $"workdir has {input.FreeBytes / 1e9:0.###} GB free, and this reduction needs {needed / 1e9:0.###} GB";
    }

    public static IEnumerable<string> Warnings(AdmissionInput input, IReadOnlyList<BeamReport> admitted, BeamOffsets offsets)
    {
        var (manifest, p) = (input.Manifest, input.Parameters);
        if (p.SourceModel is null && KnownSources.StructureOf(manifest.Source.Name) == SourceStructure.Unknown)
            yield return $"nothing is known of the structure of {manifest.Source.Name}: it is taken for a point";
        if (admitted.All(report => report.PointingRows == 0))
            yield return "positions are nominal: there are no POINTING rows";
        if (offsets.IsGuess)
            yield return $"beam offsets are from the built-in table of {manifest.Footprint.Name}, whose numbering of beams is not the observatory's";
        if (p.ReferenceXyPhase is null)
            yield return "the data are taken as bandpass and XY-phase calibrated";
        var top = admitted[0].FrequenciesHz.Max();
        var limit = p.Regrid == "power-spline" ? SamplingRule.PowerStep(top, manifest.DishDiameterMetres) : SamplingRule.VoltageStep(top, manifest.DishDiameterMetres);
        if (Angles.Radians(manifest.RasterStepDegrees) > limit)
            yield return $"the raster step of {manifest.RasterStepDegrees} degrees does not sample the beam at {top / 1e6:0} MHz: {Angles.Degrees(limit):0.##} would";
        foreach (var path in input.Ignored)
            yield return $"{path} is ignored: its name gives no beam";
    }

    static double HalfWidthDegrees(Manifest manifest) => (Math.Min(manifest.RasterColumns, manifest.RasterRows) - 1) / 2.0 * manifest.RasterStepDegrees;

    static double Extent(double[][] offsets) => offsets.Max(o => Math.Max(Math.Abs(o[0]), Math.Abs(o[1])));

    static string Channels(BeamReport report) => $"{report.FrequenciesHz.Length} channels from {report.FrequenciesHz[0] / 1e6:0.######} to {report.FrequenciesHz[^1] / 1e6:0.######} MHz";
}
