using Holoflow.Holography.Fits;
using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Products;

/// <summary>
/// Headers of the products: the cards of the observatory's own cubes, then HISTORY with what was assumed and left out. HOLOGRAPHY section 4.
/// </summary>
static class ProductHeader
{
    public const string Software = "Holoflow 0.1.0";

    /// <summary>The axes and the observation.</summary>
    public static PrimaryBeamImage Image(ReductionPlan plan) => new()
    {
        Pixels = plan.Parameters.OutputPixels,
        PixelSize = Angles.Degrees(OutputGrid.PixelSizeFor(plan.Manifest.Raster().HalfWidth, plan.Footprint().Extent, plan.Parameters.OutputPixels)),
        Channels = plan.FrequenciesHz.Length,
        FirstFrequency = plan.FrequenciesHz[0],
        ChannelWidth = plan.FrequenciesHz.Length > 1 ? plan.FrequenciesHz[1] - plan.FrequenciesHz[0] : plan.ChannelWidthHz,
        Beams = plan.BeamCount,
        SoftwareVersion = Software,
        ObservedAt = plan.Manifest.StartTime?.UtcDateTime,
        BeamformerBlock = plan.Manifest.BeamWeightsId,
        HolographyBlock = plan.Manifest.SchedulingBlockId,
    };

    /// <summary>Adds what a user of the product must know and the observatory's cards do not tell.</summary>
    public static FitsHeader Annotate(FitsHeader header, ReductionPlan plan, MergedBeams merged, bool isNominal)
    {
        if (!merged.IsComplete)
            header.Add("INCOMPLT", true, "beams are missing: see HISTORY");
        if (isNominal)
            header.Add("NOMINAL", true, "raster positions are assumed, not measured");
        header.AddHistory($"Regridded by {plan.Parameters.Regrid}; receptors at {plan.Manifest.PolarizationAxisDegrees} deg; reference antenna {plan.AntennaNames[plan.Reference]}.");
        header.AddHistory(plan.Parameters.ReferenceXyPhase is null
            ? "XY phase of the reference antenna: taken as calibrated."
            : "XY phase of the reference antenna: corrected by the file referenceXyPhase.");
        header.AddHistory($"Beam offsets: {plan.OffsetsFrom}.");
        foreach (var slot in merged.Absent)
            header.AddHistory(Ascii($"Beam {slot.Beam} is missing (NaN): {slot.Reason}"));
        return header;
    }

    // A card holds printable ASCII; a reason may name a file of any name.
    static string Ascii(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
