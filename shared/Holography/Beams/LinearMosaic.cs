namespace Holoflow.Holography.Beams;

/// <summary>
/// What a mosaicking program does with the products: used to verify them. HOLOGRAPHY eq. 20 and section 6: sky = sum(P_b D_b) / sum(P_b²), leakage
/// removed before as Q' = Q - q_b I.
/// </summary>
public static class LinearMosaic
{
    /// <summary>Combines beams.</summary>
    /// <param name="beams">Primary beam I on the sky's grid, [B][pixels]; NaN where unknown.</param>
    /// <param name="images">Apparent (attenuated) sky, [B][pixels].</param>
    /// <param name="cutoff">Smallest P that is used, a fraction of the beam's centre.</param>
    /// <returns>The sky, [pixels]; NaN where no beam reaches.</returns>
    /// <exception cref="ArgumentException">Different numbers of beams, images or pixels.</exception>
    public static float[] Combine(IReadOnlyList<float[]> beams, IReadOnlyList<float[]> images, double cutoff)
    {
        if (beams.Count == 0 || beams.Count != images.Count) throw new ArgumentException($"{beams.Count} beams but {images.Count} images", nameof(images));
        var sky = new float[beams[0].Length];
        for (var k = 0; k < sky.Length; k++)
        {
            double sum = 0, weight = 0;
            for (var b = 0; b < beams.Count; b++)
            {
                double p = beams[b][k];
                if (!(p >= cutoff)) continue;
                (sum, weight) = (sum + (p * images[b][k]), weight + (p * p));
            }

            sky[k] = weight > 0 ? (float)(sum / weight) : float.NaN;
        }

        return sky;
    }

    /// <summary>Removes fractional leakage from an apparent image: Q - q I, Jy in, Jy out, any shape.</summary>
    /// <exception cref="ArgumentException">Arrays of different length.</exception>
    public static float[] RemoveLeakage(ReadOnlySpan<float> stokes, ReadOnlySpan<float> intensity, ReadOnlySpan<float> fraction)
    {
        if (stokes.Length != intensity.Length || stokes.Length != fraction.Length) throw new ArgumentException("planes differ in length", nameof(stokes));
        var corrected = new float[stokes.Length];
        for (var k = 0; k < corrected.Length; k++) corrected[k] = stokes[k] - (fraction[k] * intensity[k]);
        return corrected;
    }
}
