using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Validation;

namespace Holoflow.HolographyFlow.Admission;

/// <summary>Where the beams sit.</summary>
/// <param name="Degrees">[B][2]; null where nothing tells.</param>
/// <param name="From">Who told.</param>
/// <param name="IsGuess">Whether the numbering of beams rests on the built-in table.</param>
sealed record BeamOffsets(double[][]? Degrees, string From, bool IsGuess);

/// <summary>
/// Beam offsets: the scheduling block's, else the FEED tables', else the built-in table of the footprint's name. FEED of MeasurementSets that were split by
/// beam holds zeros, which tell nothing. HOLOGRAPHY section 5.
/// </summary>
static class OffsetRules
{
    public static BeamOffsets Resolve(Manifest manifest, IReadOnlyList<BeamReport> admitted, List<string> refusals)
    {
        if (manifest.Footprint.BeamOffsetsDegrees is { } given)
            return new(given, "scheduling block", false);
        if (FromFeeds(manifest, admitted) is { } fed)
            return new(fed, "FEED", false);
        try
        {
            var named = Footprint.Named(manifest.Footprint.Name, Angles.Radians(manifest.Footprint.PitchDegrees), Angles.Radians(manifest.Footprint.RotationDegrees));
            if (named.Offsets.Length == manifest.ExpectedBeams)
                return new([.. named.Offsets.Select(o => new[] { Angles.Degrees(o.L), Angles.Degrees(o.M) })], "built-in table", true);
            refusals.Add($"the built-in footprint {manifest.Footprint.Name} has {named.Offsets.Length} beams and {manifest.ExpectedBeams} are expected: give beamOffsetsDegrees");
        }
        catch (ArgumentException e)
        {
            refusals.Add(e.Message);
        }
        return new(null, "", false);
    }

    static double[][]? FromFeeds(Manifest manifest, IReadOnlyList<BeamReport> admitted)
    {
        if (admitted.Count != manifest.ExpectedBeams || admitted.All(report => report.FeedOffsetDegrees.All(o => o == 0)))
            return null;
        return [.. admitted.OrderBy(report => report.Beam).Select(report => report.FeedOffsetDegrees)];
    }
}
