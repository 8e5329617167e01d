using Holoflow.Holography.Fits;
using Holoflow.Holography.Spectra;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.HolographyFlow.Products;

/// <summary>H12: taylor.fits, [B][4][terms][1][K][K], from the cleaned planes of the channels that have a mean. HOLOGRAPHY eq. 16.</summary>
static class TaylorWriting
{
    public static void Write(ReductionPlan plan, MergedBeams merged, bool isNominal, string path, CancellationToken cancellation)
    {
        var (image, terms) = (ProductHeader.Image(plan), plan.Parameters.TaylorTerms);
        var pixels = plan.Parameters.OutputPixels * plan.Parameters.OutputPixels;
        var (cube, expanded) = (new float[plan.FrequenciesHz.Length * pixels], new float[terms * pixels]);
        using var file = FitsWriter.Create(path);
        var header = PrimaryBeamHeader.Taylor(image, plan.CentreFrequencyHz, image.ChannelWidth * image.Channels);
        var sink = file.BeginImage(PrimaryBeamHeader.TaylorShape(image, terms), ProductHeader.Annotate(header, plan, merged, isNominal));
        foreach (var slot in merged.Slots)
        {
            cancellation.ThrowIfCancellationRequested();
            using var source = slot.Cleaned is null ? null : FitsReader.Open(slot.Cleaned);
            var expansion = source is null ? null : Expansion(plan, CleanedBeamFile.ReadAntennas(slot.Cleaned!), slot.Beam);
            for (var stokes = 0; stokes < 4; stokes++)
            {
                Array.Fill(expanded, float.NaN);
                source?.Units[0].ReadImage((long)stokes * cube.Length, cube);
                expansion?.Expand(cube, pixels, expanded);
                sink.Write(expanded);
            }
        }
        sink.Complete();
        file.Complete();
    }

    static TaylorTerms Expansion(ReductionPlan plan, int[] antennas, int beam)
    {
        try
        {
            return new TaylorTerms(plan.FrequenciesHz, antennas.Select(n => n == 0).ToArray(), plan.Parameters.TaylorTerms);
        }
        catch (ArgumentException e)
        {
            throw new InputException([$"beam {beam}: {e.Message}"]);
        }
    }
}
