using Holoflow.Holography.Fits;
using Holoflow.Holography.Spectra;

namespace Holoflow.HolographyFlow.Reduction;

/// <summary>What one beam adds to the products.</summary>
/// <param name="Cube">[4][C][K][K]: I, and Q, U, V as fractions of it; 0 where I is below the leakage floor, NaN where there is no value.</param>
/// <param name="Weight">Same shape: inverse variance of the channel's mean before the fit; 0 where there is none.</param>
/// <param name="Antennas">[C]: antennas in the mean; 0 in channels that hold the fit alone.</param>
sealed record BeamPlanes(float[] Cube, float[] Weight, int[] Antennas);

/// <summary>clean.bNN.fits: a beam's planes as they go into the products, image [4][C][K][K] with WEIGHT and table CHANNELS.</summary>
static class CleanedBeamFile
{
    public static void Write(string path, string key, BeamPlanes planes, double[] frequencies, int pixels)
    {
        using var file = FitsWriter.Create(path);
        BeamMeanFile.WriteImage(file, [pixels, pixels, frequencies.Length, 4], planes.Cube, StageKey.Header(key), "");
        BeamMeanFile.WriteImage(file, [pixels, pixels, frequencies.Length, 4], planes.Weight, new FitsHeader(), "WEIGHT");
        file.WriteTable("CHANNELS", [FitsColumn.Of("FREQUENCY", frequencies, unit: "Hz"), FitsColumn.Of("ANTENNAS", planes.Antennas)]);
        file.Complete();
    }

    public static int[] ReadAntennas(string path)
    {
        using var file = FitsReader.Open(path);
        return file.Unit("CHANNELS").ReadColumn<int>("ANTENNAS");
    }

    /// <summary>Makes the planes of a cleaned beam: what has no value becomes NaN, never a zero that passes for one (defect 3).</summary>
    /// <param name="cleaned">The fit.</param>
    /// <param name="standardError">Of the mean, [4][C][K][K].</param>
    /// <param name="antennas">In the mean, [C].</param>
    public static BeamPlanes Planes(CleanedBeam cleaned, ReadOnlySpan<float> standardError, int[] antennas)
    {
        var weight = new float[cleaned.Cube.Length];
        var block = cleaned.Cube.Length / 4;
        var pixels = block / antennas.Length;
        for (var k = 0; k < weight.Length; k++)
        {
            var intensity = k % block;
            if (cleaned.Mask[intensity])
                cleaned.Cube[k] = float.NaN;
            else if (!cleaned.Mask[k] && antennas[intensity / pixels] > 0)
                weight[k] = Weight(standardError[k], k < block ? 1 : cleaned.Cube[intensity]);
        }
        return new(cleaned.Cube, weight, antennas);
    }

    // Fractions are in units of I: their error is that of Q, U or V over I.
    static float Weight(float error, float intensity) => error > 0 && float.IsFinite(error) ? intensity * intensity / (error * error) : 0;
}
