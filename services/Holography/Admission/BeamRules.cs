using Holoflow.HolographyFlow.Validation;

namespace Holoflow.HolographyFlow.Admission;

/// <summary>The beams that could be reduced by what their MeasurementSets are.</summary>
sealed record BeamSelection(IReadOnlyList<BeamReport> Usable, IReadOnlyList<MissingBeam> Missing, IReadOnlyList<string> Refusals);

/// <summary>Rules about single MeasurementSets and their numbers. Every beam is placed by its number, never by its place in a list (defect 1).</summary>
static class BeamRules
{
    public static BeamSelection Select(AdmissionInput input)
    {
        var expected = input.Manifest.ExpectedBeams;
        var asked = input.Parameters.Beams?.ToHashSet();
        var byBeam = input.Reports.ToLookup(report => report.Beam);
        var missing = new List<MissingBeam>();
        var usable = new List<BeamReport>();
        for (var beam = 0; beam < expected; beam++)
        {
            if (asked?.Contains(beam) == false)
                missing.Add(new(beam, "not asked for"));
            else if (!byBeam[beam].Any())
                missing.Add(new(beam, "its MeasurementSet is missing"));
            else if (byBeam[beam].First() is { IsUsable: false } broken)
                missing.Add(new(beam, string.Join("; ", broken.Problems)));
            else
                usable.Add(byBeam[beam].First());
        }
        List<string> refusals = [.. Refusals(input, byBeam, expected), .. usable.Count == 0 ? Nothing(input, missing) : []];
        return new(usable, missing, refusals);
    }

    static IEnumerable<string> Refusals(AdmissionInput input, ILookup<int, BeamReport> byBeam, int expected)
    {
        foreach (var twice in byBeam.Where(group => group.Count() > 1))
            yield return $"beam {twice.Key} has {twice.Count()} MeasurementSets, {string.Join(" and ", twice.Select(report => report.Path))}: remove all but one";
        foreach (var beyond in input.Reports.Where(report => report.Beam >= expected))
            yield return $"{beyond.Path}: it is of beam {beyond.Beam} by its name, and beams 0 to {expected - 1} are expected";
        foreach (var other in input.Reports.Where(report => report.IsUsable && report.Beam < expected && !report.FeedIds.SequenceEqual([report.Beam])))
            yield return $"{other.Path}: it is of beam {other.Beam} by its name and of beam {string.Join(", ", other.FeedIds)} by FEED1; rename it, or restore the right one";
    }

    static IEnumerable<string> Nothing(AdmissionInput input, List<MissingBeam> missing)
    {
        if (input.Reports.Count > 0)
            yield return $"no beam can be reduced: {string.Join("; ", missing.Select(m => $"beam {m.Beam}: {m.Reason}"))}";
        else
            yield return $"{input.Workspace.Root} holds no MeasurementSets; {input.Manifest.ExpectedBeams} folders named *_<beam>.ms would be right"
                + (input.Ignored.Count > 0 ? $" (ignored, as their names give no beam: {string.Join(", ", input.Ignored)})" : "");
    }
}
