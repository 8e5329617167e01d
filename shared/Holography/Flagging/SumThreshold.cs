using System.Numerics;
using System.Runtime.InteropServices;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Means;

namespace Holoflow.Holography.Flagging;

/// <summary>Parameters of <see cref="SumThreshold"/>.</summary>
public sealed record SumThresholdOptions
{
    /// <summary>Threshold for a single sample, in robust sigma.</summary>
    public double Threshold { get; init; } = 6;

    /// <summary>
    /// How much the threshold falls for each doubling of the window. Offringa et al. 2010 use 1.5; just below the square root of two keeps every
    /// window at 6 sigma of its mean, where 1.5 takes some tens of good points from a beam of a dozen antennas.
    /// </summary>
    public double Falloff { get; init; } = 1.4;

    /// <summary>Longest window, a power of two.</summary>
    public int LongestWindow { get; init; } = 16;

    /// <summary>Highest order of the robust polynomial in frequency that takes the beam and the bandpass out.</summary>
    public int BackgroundOrder { get; init; } = 8;

    /// <summary>Half-width of the running median in frequency that takes out what the polynomial leaves, channels.</summary>
    public int BackgroundHalfWidth { get; init; } = 15;

    /// <summary>
    /// Structure below this fraction of a line's own amplitude is taken for bandpass, not interference: it widens the noise of lines near the beam's
    /// centre, while interference, which does not care where the dish points, stands out in all the others.
    /// </summary>
    public double RelativeTolerance { get; init; } = 0.005;

    /// <summary>A channel that is flagged at more than this fraction of points is flagged at all of them.</summary>
    public double ChannelOccupancy { get; init; } = 0.4;
}

/// <summary>
/// Radio-interference flags on averaged voltages: the SumThreshold method (Offringa et al. 2010) on the plane of raster points by channels, after the
/// antenna's bandpass is divided out and a robust polynomial and a running median in frequency have taken out the beam. Points follow one another in time, but the beam changes
/// between them, so the background runs in frequency only. Real and imaginary parts are searched apart: they stay smooth through the beam's
/// nulls, where amplitudes do not. A sample is flagged for all four products.
/// </summary>
public static class SumThreshold
{
    /// <summary>Flags one beam in place, antenna by antenna.</summary>
    /// <param name="voltages">Averaged voltages; flags are added, none is cleared.</param>
    /// <param name="options">Thresholds.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops between antennas; those that are done keep their flags.</param>
    /// <returns>Number of samples newly flagged, [A].</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static int[] Flag(BeamVoltages voltages, SumThresholdOptions options, int threads, CancellationToken cancellation = default)
    {
        var added = new int[voltages.Antennas];
        Parallel.For(0, voltages.Antennas, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, a =>
        {
            if (!voltages.Flags[a].Contains(false)) return;
            var before = voltages.Flags[a].AsSpan().Count(true);
            var found = new bool[voltages.Points * voltages.Channels];
            var residual = new float[found.Length];
            Complex[][] inverse = [BandpassTemplate.Inverse(voltages, a, Product.XX), BandpassTemplate.Inverse(voltages, a, Product.YY)];
            for (var component = 0; component < 2 * Product.Count; component++)
            {
                Residuals(voltages, a, component, inverse[component / Product.Count], options, residual);
                if (!Normalise(voltages, a, component / 2, options.RelativeTolerance, residual)) continue;
                Detect(residual, voltages.Flags[a], found, voltages.Points, voltages.Channels, options);
            }

            for (var k = 0; k < found.Length; k++) voltages.Flags[a][k] |= found[k];
            FlagOccupied(voltages.Flags[a], found, voltages.Points, voltages.Channels, options.ChannelOccupancy);
            added[a] = voltages.Flags[a].AsSpan().Count(true) - before;
        });
        return added;
    }

    static void Residuals(BeamVoltages voltages, int antenna, int component, Complex[] inverse, SumThresholdOptions options, float[] residual)
    {
        var (flags, channels) = (voltages.Flags[antenna], voltages.Channels);
        var smooth = new SmoothSpectrum(channels, Math.Min(options.BackgroundOrder, channels / 3));
        var rest = new RunningMedian(options.BackgroundHalfWidth);
        var (line, left) = (new double[channels], new float[channels]);
        for (var p = 0; p < voltages.Points; p++)
        {
            var first = voltages.Index(p, 0);
            for (var c = 0; c < channels; c++)
            {
                var value = BandpassTemplate.At(voltages, antenna, component / 2, first + c) * inverse[c];
                line[c] = flags[first + c] ? double.NaN : component % 2 == 0 ? value.Real : value.Imaginary;
            }

            smooth.Subtract(line, flags.AsSpan(first, channels));
            for (var c = 0; c < channels; c++) left[c] = (float)line[c];
            rest.Subtract(left, residual.AsSpan(p * channels, channels));
        }
    }

    static bool Normalise(BeamVoltages voltages, int antenna, int product, double tolerance, float[] residual)
    {
        var (values, flags, channels) = (voltages.Values[antenna], voltages.Flags[antenna], voltages.Channels);
        var good = new List<double>(residual.Length);
        for (var k = 0; k < residual.Length; k++)
        {
            if (!flags[k] && float.IsFinite(residual[k])) good.Add(residual[k]);
        }

        if (good.Count < 8) return false;
        var noise = RobustScale.Measure(CollectionsMarshal.AsSpan(good)).Scatter;
        for (var p = 0; p < voltages.Points; p++)
        {
            good.Clear();
            for (var c = 0; c < channels; c++)
            {
                var sample = voltages.Index(p, c);
                var at = (8 * sample) + (2 * product);
                if (!flags[sample]) good.Add(Math.Sqrt((values[at] * values[at]) + (values[at + 1] * values[at + 1])));
            }

            var amplitude = good.Count > 0 ? RobustScale.Median(CollectionsMarshal.AsSpan(good)) : 0;
            var sigma = Math.Sqrt((noise * noise) + (tolerance * tolerance * amplitude * amplitude));
            if (!(sigma > 0)) return false;
            for (var c = 0; c < channels; c++) residual[voltages.Index(p, c)] /= (float)sigma;
        }

        return true;
    }

    static void Detect(float[] residual, bool[] flags, bool[] found, int points, int channels, SumThresholdOptions options)
    {
        for (var window = 1; window <= options.LongestWindow; window *= 2)
        {
            var threshold = options.Threshold / Math.Pow(options.Falloff, Math.Log2(window));
            var marked = (bool[])found.Clone();
            for (var p = 0; p < points; p++) Scan(residual, flags, found, marked, p * channels, 1, channels, window, threshold);
            for (var c = 0; c < channels; c++) Scan(residual, flags, found, marked, c, channels, points, window, threshold);
            marked.CopyTo(found, 0);
        }
    }

    static void Scan(float[] residual, bool[] flags, bool[] found, bool[] marked, int start, int stride, int count, int window, double threshold)
    {
        // Samples found with shorter windows enter with the threshold itself, so that they do not flag their neighbours (Offringa et al. 2010).
        double sum = 0;
        var used = 0;
        for (var i = 0; i < count; i++)
        {
            Add(i, 1);
            if (i >= window) Add(i - window, -1);
            if (i < window - 1 || used < (window + 1) / 2 || Math.Abs(sum) <= threshold * used) continue;
            for (var k = i - window + 1; k <= i; k++) marked[start + (k * stride)] = true;
        }

        void Add(int i, int sign)
        {
            var at = start + (i * stride);
            if (flags[at] || !float.IsFinite(residual[at])) return;
            sum += sign * (found[at] ? Math.CopySign(Math.Min(Math.Abs(residual[at]), threshold), residual[at]) : residual[at]);
            used += sign;
        }
    }

    static void FlagOccupied(bool[] flags, bool[] found, int points, int channels, double occupancy)
    {
        for (var c = 0; c < channels; c++)
        {
            var count = 0;
            for (var p = 0; p < points; p++) count += found[(p * channels) + c] ? 1 : 0;
            if (count <= occupancy * points) continue;
            for (var p = 0; p < points; p++) flags[(p * channels) + c] = true;
        }
    }
}
