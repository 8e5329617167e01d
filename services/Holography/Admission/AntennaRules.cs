using Holoflow.HolographyFlow.Validation;

namespace Holoflow.HolographyFlow.Admission;

/// <summary>The antennas that take part.</summary>
sealed record AntennaSelection(
    int Reference, IReadOnlyList<BeamReport> Beams, IReadOnlyList<MissingBeam> Missing, IReadOnlyList<DroppedTarget> Dropped, IReadOnlyList<string> Refusals);

/// <summary>Rules about the reference antenna and the targets.</summary>
static class AntennaRules
{
    public static AntennaSelection Select(AdmissionInput input, BeamSelection selection)
    {
        var beams = selection.Usable;
        var names = beams[0].Antennas.Select(antenna => antenna.Name).ToArray();
        if (beams.FirstOrDefault(beam => !beam.Antennas.Select(a => a.Name).SequenceEqual(names, StringComparer.Ordinal)) is { } other)
            return Refuse($"the antennas of {beams[0].Path} and {other.Path} differ: one observation has one list of antennas");
        var name = input.Manifest.ReferenceAntenna;
        var reference = Array.IndexOf(names, name);
        if (reference < 0)
            return Refuse($"the reference antenna {name} is not in ANTENNA ({string.Join(", ", names)}){Candidates(beams, -1)}");
        if (beams.All(beam => Lacks(beam.Antennas[reference])))
            return Refuse($"the reference antenna {name} is flagged or has no data in every beam{Candidates(beams, reference)}");
        if (beams.All(beam => beam.Antennas[reference].MovedDegrees > input.Manifest.RasterStepDegrees / 2))
            return Refuse($"the reference antenna {name} moved by {beams[0].Antennas[reference].MovedDegrees:0.##} degrees: it is no reference{Candidates(beams, reference)}");
        return Targets(input, beams, names, reference);
    }

    static AntennaSelection Targets(AdmissionInput input, IReadOnlyList<BeamReport> beams, string[] names, int reference)
    {
        var least = input.Parameters.MinAntennas;
        if (least > names.Length - 1)
            return Refuse($"minAntennas must be from 2 to {names.Length - 1}, the number of target antennas, not {least}");
        var admitted = new List<BeamReport>();
        var missing = new List<MissingBeam>();
        foreach (var beam in beams)
        {
            var left = beam.Antennas.Where((antenna, a) => a != reference && !Lacks(antenna)).Count();
            if (Lacks(beam.Antennas[reference]))
                missing.Add(new(beam.Beam, $"the reference antenna {names[reference]} is flagged or has no data"));
            else if (left < least)
                missing.Add(new(beam.Beam, $"{left} target antennas have data, and minAntennas is {least}"));
            else
                admitted.Add(beam);
        }
        return new(reference, admitted, missing, [.. Dropped(beams, names, reference)], []);
    }

    static IEnumerable<DroppedTarget> Dropped(IReadOnlyList<BeamReport> beams, string[] names, int reference)
    {
        for (var a = 0; a < names.Length; a++)
        {
            int[] without = [.. beams.Where(beam => Lacks(beam.Antennas[a])).Select(beam => beam.Beam)];
            if (a != reference && without.Length > 0)
                yield return new(a, names[a], beams.All(beam => !beam.Antennas[a].IsPresent) ? "no rows" : "all its data are flagged", without);
        }
    }

    static bool Lacks(AntennaFacts antenna) => !antenna.IsPresent || antenna.FlaggedFraction >= 1;

    static string Candidates(IReadOnlyList<BeamReport> beams, int reference)
    {
        string[] still = [.. beams[0].Antennas.Where((antenna, a) => a != reference && antenna.StoodStill && antenna.IsPresent).Select(antenna => antenna.Name)];
        return still.Length > 0 ? $"; give gridAntenna: {string.Join(", ", still)} never moved" : "; by POINTING no other antenna stayed on the source";
    }

    static AntennaSelection Refuse(string reason) => new(-1, [], [], [], [reason]);
}
