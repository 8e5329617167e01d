using Holoflow.Holography.Spectra;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Spectra;

public sealed class SpectralCleanerTests
{
    const int Channels = 20, Pixels = 3;
    static readonly double[] Frequencies = [.. Enumerable.Range(0, Channels).Select(c => 9e8 + (c * 1e6))];

    [Fact]
    public void Flagged_channels_are_filled_by_the_fit_and_fractions_taken_after_it()
    {
        var (mean, flagged) = Beam();
        flagged[7] = true;
        for (var s = 0; s < 4; s++)
        {
            for (var p = 0; p < Pixels; p++) mean[(((s * Channels) + 7) * Pixels) + p] = float.NaN;
        }

        var cleaned = SpectralCleaner.Clean(mean, Frequencies, flagged, new(), 0.01, 2);
        Assert.Equal(0, cleaned.FailedSpectra);
        Assert.True(cleaned.FilledChannels[7]);
        for (var c = 0; c < Channels; c++)
        {
            Assert.Equal(Intensity(c, 1), cleaned.Cube[(c * Pixels) + 1], 1e-5);
            Assert.Equal(0.05 / Intensity(c, 1), cleaned.Cube[(((2 * Channels) + c) * Pixels) + 1], 1e-5);
            Assert.False(cleaned.Mask[(((2 * Channels) + c) * Pixels) + 1]);
            Assert.True(cleaned.Mask[(((2 * Channels) + c) * Pixels) + 2]);
            Assert.Equal(0, cleaned.Cube[(((2 * Channels) + c) * Pixels) + 2]);
        }
    }

    [Fact]
    public void Defect_3_a_spectrum_that_is_not_a_number_is_masked_and_not_zero_leakage()
    {
        var (mean, flagged) = Beam();
        for (var c = 0; c < Channels; c++) mean[(((3 * Channels) + c) * Pixels)] = float.NaN;
        var cleaned = SpectralCleaner.Clean(mean, Frequencies, flagged, new(), 0.01, 1);
        Assert.Equal(1, cleaned.FailedSpectra);
        for (var c = 0; c < Channels; c++)
        {
            Assert.True(cleaned.Mask[((3 * Channels) + c) * Pixels]);
            Assert.False(cleaned.Mask[((2 * Channels) + c) * Pixels]);
        }

        Assert.All(cleaned.Cube, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public async Task Numpy_solves_the_same_taylor_terms()
    {
        var flagged = new bool[Channels];
        flagged[4] = true;
        var cube = new float[Channels * 2];
        for (var c = 0; c < Channels; c++) (cube[2 * c], cube[(2 * c) + 1]) = (c == 4 ? float.NaN : (float)(1 + Math.Sin(c)), (float)(0.5 * c));
        var taylor = new TaylorTerms(Frequencies, flagged, 3);
        Assert.Equal(909.5e6, taylor.ReferenceFrequency);
        var result = new float[6];
        taylor.Expand(cube, 2, result);
        var judged = await PythonJudge.Ask(
            """
            import numpy as np
            f = np.array(args['f']); k = np.array(args['good'])
            f0 = (f[0] + f[-1]) / 2
            w = ((f - f0) / f0)[k]
            y = np.array(args['cube']).reshape(len(f), 2)[k]
            result = np.linalg.lstsq(np.vander(w, 3, increasing=True), y, rcond=None)[0]
            """,
            new { f = Frequencies, good = flagged.Select(x => !x), cube = cube.Select(v => float.IsNaN(v) ? 0 : v) },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
        {
            for (var p = 0; p < 2; p++) Assert.Equal(judged[i][p].GetDouble(), result[(2 * i) + p], 1e-4 * (1 + Math.Abs(judged[i][p].GetDouble())));
        }
    }

    [Fact]
    public void More_terms_than_good_channels_are_refused() =>
        Assert.Contains("good channels (2)", Assert.Throws<ArgumentException>(() => new TaylorTerms([1e9, 2e9, 3e9], [false, true, false], 3)).Message, StringComparison.Ordinal);

    static double Intensity(int channel, int pixel) => pixel switch { 0 => 1, 1 => 0.5 - (0.01 * channel), _ => 0.001 };

    static (float[] Mean, bool[] Flagged) Beam()
    {
        var mean = new float[4 * Channels * Pixels];
        for (var c = 0; c < Channels; c++)
        {
            for (var p = 0; p < Pixels; p++)
            {
                mean[(c * Pixels) + p] = (float)Intensity(c, p);
                for (var s = 1; s < 4; s++) mean[(((s * Channels) + c) * Pixels) + p] = 0.05f;
            }
        }

        return (mean, new bool[Channels]);
    }
}
