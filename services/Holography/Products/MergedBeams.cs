using System.Text.Json.Serialization;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.HolographyFlow.Products;

/// <summary>A beam's place in the products.</summary>
/// <param name="Beam">Beam number: its index on the BEAM axis.</param>
/// <param name="Cleaned">Its planes; null where it is missing.</param>
/// <param name="Mean">Its mean before the fit.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Key">Of <paramref name="Cleaned"/>.</param>
/// <param name="Reason">Why it is missing.</param>
/// <param name="Figures">What was counted.</param>
sealed record BeamSlot(int Beam, string? Cleaned, string? Mean, string? Flags, string? Key, string? Reason, BeamFigures? Figures);

/// <summary>
/// H9: every beam of the observation in the order of its number. A missing one keeps its place, is NaN in the products and is listed: the pipeline
/// that this replaces moved the later ones down (defect 1).
/// </summary>
sealed record MergedBeams(BeamSlot[] Slots)
{
    [JsonIgnore]
    public bool IsComplete => Slots.All(slot => slot.Cleaned is not null);

    [JsonIgnore]
    public IEnumerable<BeamSlot> Present => Slots.Where(slot => slot.Cleaned is not null);

    [JsonIgnore]
    public IEnumerable<BeamSlot> Absent => Slots.Where(slot => slot.Cleaned is null);

    /// <summary>Merges.</summary>
    /// <exception cref="InputException">Fewer beams than minBeams are left.</exception>
    public static MergedBeams Of(ReductionPlan plan, IReadOnlyList<BeamOutcome> outcomes)
    {
        var byBeam = outcomes.ToDictionary(outcome => outcome.Beam);
        var missing = plan.Missing.ToDictionary(beam => beam.Beam, beam => beam.Reason);
        var slots = Enumerable.Range(0, plan.BeamCount).Select(beam => byBeam.GetValueOrDefault(beam) is { } outcome
            ? outcome.Rejection is null
                ? new BeamSlot(beam, outcome.Path, plan.Workspace.BeamFile("mean", beam), plan.Workspace.BeamFile("flags", beam), outcome.Key, null, outcome.Figures)
                : new BeamSlot(beam, null, null, null, null, outcome.Rejection, outcome.Figures)
            : new BeamSlot(beam, null, null, null, null, missing.GetValueOrDefault(beam, "not reduced"), null)).ToArray();
        var merged = new MergedBeams(slots);
        var present = merged.Present.Count();
        return present >= plan.Manifest.MinBeams ? merged : throw new InputException(
            [$"{present} of {plan.BeamCount} beams are left, and minBeams is {plan.Manifest.MinBeams}: {string.Join("; ", merged.Absent.Select(slot => $"beam {slot.Beam}: {slot.Reason}"))}"]);
    }
}
