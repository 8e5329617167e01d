using Holoflow.Holography.Polarization;

namespace Holoflow.Holography.Spectra;

/// <summary>A cleaned beam: the product's planes.</summary>
/// <param name="Cube">
/// [4][C][pixels]: I in units of the beam centre, Q, U, V as fractions of I; 0 where masked.
/// </param>
/// <param name="Mask">[4][C][pixels]: true where there is no value (too few channels, or I below the leakage floor).</param>
/// <param name="FilledChannels">[C]: channels that were flagged and hold the fit alone.</param>
/// <param name="FailedSpectra">Number of spectra without a fit.</param>
public sealed record CleanedBeam(float[] Cube, bool[] Mask, bool[] FilledChannels, int FailedSpectra);

/// <summary>
/// H10: a robust polynomial per pixel and Stokes parameter, flagged channels filled by the fit, then fractional leakage. HOLOGRAPHY eqs. 13 and 14.
/// Stokes parameters are fitted in units of the beam centre, where their noise is even, and divided by the fitted I after.
/// </summary>
public static class SpectralCleaner
{
    /// <summary>Cleans one beam.</summary>
    /// <param name="mean">[4][C][pixels], units of the beam centre; NaN in flagged channels.</param>
    /// <param name="frequencies">[C], Hz.</param>
    /// <param name="flaggedChannels">[C].</param>
    /// <param name="options">Order and clipping.</param>
    /// <param name="leakageFloor">Smallest I for which fractions are given, 0 to 0.5.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops between blocks of 64 spectra.</param>
    /// <returns>The cleaned planes; a spectrum that cannot be fitted is masked at every channel, never zero without a mask (defects 3 and 10).</returns>
    /// <exception cref="ArgumentException">Lengths that do not agree, or a floor outside 0 to 0.5.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CleanedBeam Clean(
        float[] mean, double[] frequencies, bool[] flaggedChannels, RobustPolynomialOptions options, double leakageFloor, int threads, CancellationToken cancellation = default)
    {
        var channels = frequencies.Length;
        if (channels == 0 || mean.Length % (4 * channels) != 0 || flaggedChannels.Length != channels)
            throw new ArgumentException($"a cube of {mean.Length} values and {flaggedChannels.Length} flags does not have {channels} channels of 4 Stokes parameters", nameof(mean));
        if (!(leakageFloor is >= 0 and <= 0.5)) throw new ArgumentException($"leakageFloor must be 0 to 0.5, not {leakageFloor}", nameof(leakageFloor));
        var pixels = mean.Length / (4 * channels);
        var (cube, mask) = (new float[mean.Length], new bool[mean.Length]);
        var failed = 0;
        const int chunk = 64;
        Parallel.For(
            0, ((4 * pixels) + chunk - 1) / chunk, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            () => new Workspace(frequencies, options),
            (part, _, workspace) =>
            {
                for (var k = part * chunk; k < Math.Min((part + 1) * chunk, 4 * pixels); k++)
                    workspace.FitPixel(mean, cube, mask, flaggedChannels, (k / pixels * channels * pixels) + (k % pixels), pixels);
                return workspace;
            },
            workspace => Interlocked.Add(ref failed, workspace.Failed));
        for (var s = 1; s < 4; s++) Divide(cube, mask, s * channels * pixels, channels * pixels, leakageFloor);
        return new(cube, mask, [.. flaggedChannels], failed);
    }

    static void Divide(float[] cube, bool[] mask, int start, int length, double floor)
    {
        var masked = new bool[length];
        Leakage.Divide(cube.AsSpan(0, length), cube.AsSpan(start, length), floor, masked);
        for (var k = 0; k < length; k++)
        {
            mask[start + k] |= masked[k] | mask[k];
            if (mask[start + k]) cube[start + k] = 0;
        }
    }

    sealed class Workspace(double[] frequencies, RobustPolynomialOptions options)
    {
        readonly RobustPolynomial _fit = new(frequencies, options);
        readonly double[] _values = new double[frequencies.Length];
        readonly double[] _model = new double[frequencies.Length];
        readonly bool[] _used = new bool[frequencies.Length];

        public int Failed { get; private set; }

        public void FitPixel(float[] mean, float[] cube, bool[] mask, bool[] flagged, int start, int stride)
        {
            for (var c = 0; c < _values.Length; c++) _values[c] = mean[start + (c * stride)];
            var fitted = _fit.Fit(_values, flagged, _model, _used);
            if (!fitted) Failed++;
            for (var c = 0; c < _values.Length; c++)
            {
                cube[start + (c * stride)] = fitted ? (float)_model[c] : 0;
                mask[start + (c * stride)] = !fitted;
            }
        }
    }
}
