using Holoflow.Holography.Fits;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.HolographyFlow.Products;

/// <summary>
/// H11: cube.fits, [B][4][C][K][K], and weight.fits, the same shape with table CHANNELS: streamed a Stokes parameter of a beam at a time, so that memory is that of
/// one block whatever the number of beams.
/// </summary>
static class CubeWriting
{
    public static void Write(ReductionPlan plan, MergedBeams merged, bool isNominal, string cubePath, string weightPath, Action<long, long> progress, CancellationToken cancellation)
    {
        var image = ProductHeader.Image(plan);
        var shape = PrimaryBeamHeader.CubeShape(image);
        using var cubeFile = FitsWriter.Create(cubePath);
        using var weightFile = FitsWriter.Create(weightPath);
        var cube = cubeFile.BeginImage(shape, ProductHeader.Annotate(PrimaryBeamHeader.Cube(image), plan, merged, isNominal));
        var weightHeader = PrimaryBeamHeader.Cube(image)
            .AddComment("Inverse variance of the mean over antennas before the fit in frequency, of the quantity in the cube at the same place; 0 where there is no measurement (beam missing, channel without a mean, I below the leakage floor).");
        var weight = weightFile.BeginImage(shape, ProductHeader.Annotate(weightHeader, plan, merged, isNominal));
        Stream(plan, merged, cube, weight, progress, cancellation);
        cube.Complete();
        weight.Complete();
        weightFile.WriteTable("CHANNELS", ChannelTable(plan, merged));
        weightFile.Complete();
        cubeFile.Complete();
    }

    static void Stream(ReductionPlan plan, MergedBeams merged, FitsImageSink cube, FitsImageSink weight, Action<long, long> progress, CancellationToken cancellation)
    {
        var block = new float[plan.FrequenciesHz.Length * plan.Parameters.OutputPixels * plan.Parameters.OutputPixels];
        foreach (var slot in merged.Slots)
        {
            cancellation.ThrowIfCancellationRequested();
            using var source = slot.Cleaned is null ? null : FitsReader.Open(slot.Cleaned);
            for (var stokes = 0; stokes < 4; stokes++)
            {
                var at = ((slot.Beam * 4L) + stokes) * block.Length;
                Fill(source?.Units[0], stokes, block, float.NaN);
                cube.WriteAt(at, block);
                Fill(source?.Unit("WEIGHT"), stokes, block, 0);
                weight.WriteAt(at, block);
            }
            progress(slot.Beam + 1, merged.Slots.Length);
        }
    }

    static void Fill(FitsUnit? source, int stokes, float[] block, float missing)
    {
        if (source is null)
            Array.Fill(block, missing);
        else
            source.ReadImage((long)stokes * block.Length, block);
    }

    static FitsColumn[] ChannelTable(ReductionPlan plan, MergedBeams merged)
    {
        var channels = plan.FrequenciesHz.Length;
        var antennas = merged.Slots.SelectMany(slot => slot.Cleaned is null ? new int[channels] : CleanedBeamFile.ReadAntennas(slot.Cleaned)).ToArray();
        var missing = merged.Slots.SelectMany(slot => Enumerable.Repeat(slot.Cleaned is null, channels)).ToArray();
        return
        [
            FitsColumn.Of("BEAM", merged.Slots.SelectMany(slot => Enumerable.Repeat(slot.Beam, channels)).ToArray()),
            FitsColumn.Of("CHANNEL", merged.Slots.SelectMany(_ => Enumerable.Range(0, channels)).ToArray()),
            FitsColumn.Of("FREQUENCY", merged.Slots.SelectMany(_ => plan.FrequenciesHz).ToArray(), unit: "Hz"),
            FitsColumn.Of("ANTENNAS", antennas),
            FitsColumn.Of("FILLED", antennas.Zip(missing, (count, isMissing) => count == 0 && !isMissing).ToArray()),
            FitsColumn.Of("MISSING", missing),
        ];
    }
}
