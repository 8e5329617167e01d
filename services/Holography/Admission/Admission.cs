using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Parameters;
using Holoflow.HolographyFlow.Validation;

namespace Holoflow.HolographyFlow.Admission;

/// <summary>All that admission is decided on.</summary>
sealed record AdmissionInput(
    Manifest Manifest, HolographyParameters Parameters, Workspace Workspace, IReadOnlyList<BeamReport> Reports, IReadOnlyList<string> Ignored, long FreeBytes);

/// <summary>
/// H3: which beams, antennas and channels go on, or every reason why nothing does. A pure function; the rows of HOLOGRAPHY 9.6 that can be told before
/// anything is allocated.
/// </summary>
static class Admission
{
    /// <summary>Decides.</summary>
    /// <exception cref="InputException">Nothing may go on; the message holds all reasons.</exception>
    public static ReductionPlan Decide(AdmissionInput input)
    {
        var beams = BeamRules.Select(input);
        if (beams.Usable.Count == 0)
            throw new InputException([.. beams.Refusals]);
        var antennas = AntennaRules.Select(input, beams);
        // Where the reference itself is refused, the other rules look at what it would have been used on: no beam is missing because of it.
        var admitted = antennas.Refusals.Count > 0 ? beams.Usable : antennas.Beams;
        List<MissingBeam> missing = [.. beams.Missing, .. antennas.Missing];
        List<string> refusals = [.. beams.Refusals, .. antennas.Refusals];
        if (admitted.Count < input.Manifest.MinBeams)
            refusals.Add($"{admitted.Count} of {input.Manifest.ExpectedBeams} beams can be reduced, and minBeams is {input.Manifest.MinBeams}; missing: {string.Join("; ", missing.OrderBy(m => m.Beam).Select(m => $"beam {m.Beam}: {m.Reason}"))}");
        var offsets = OffsetRules.Resolve(input.Manifest, admitted, refusals);
        refusals.AddRange(ObservationRules.Refusals(input, admitted, offsets.Degrees));
        if (refusals.Count > 0)
            throw new InputException(refusals);
        var first = admitted[0];
        return new ReductionPlan
        {
            Parameters = input.Parameters,
            Manifest = input.Manifest,
            Workspace = input.Workspace,
            Beams = [.. admitted.Select(report => new BeamFile(report.Beam, report.Path, 0, report.Fingerprint))],
            Missing = [.. missing.OrderBy(m => m.Beam)],
            DroppedTargets = [.. antennas.Dropped],
            Warnings = [.. ObservationRules.Warnings(input, admitted, offsets)],
            Reference = antennas.Reference,
            AntennaNames = [.. first.Antennas.Select(antenna => antenna.Name)],
            FrequenciesHz = first.FrequenciesHz,
            ChannelWidthHz = first.ChannelWidthHz,
            BeamOffsetsDegrees = offsets.Degrees!,
            OffsetsFrom = offsets.From,
            PointingBeam = admitted.FirstOrDefault(report => report.PointingRows > 0)?.Beam,
        };
    }
}
