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

    /// <summary>A channel in which interference is found at more than this fraction of its good points is flagged at all of them.</summary>
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
                var amplitudes = Amplitudes(voltages, a, component / 2);
                Residuals(voltages, a, component, inverse[component / Product.Count], amplitudes, options, residual);
                if (!Normalise(voltages, a, amplitudes, options.RelativeTolerance, residual)) continue;
                Detect(residual, voltages.Flags[a], found, voltages.Points, voltages.Channels, options);
            }

            for (var k = 0; k < found.Length; k++) voltages.Flags[a][k] |= found[k];
            FlagOccupied(voltages.Flags[a], found, voltages.Points, voltages.Channels, options.ChannelOccupancy);
            added[a] = voltages.Flags[a].AsSpan().Count(true) - before;
        });
        return added;
    }

    static void Residuals(BeamVoltages voltages, int antenna, int component, Complex[] inverse, double[] amplitudes, SumThresholdOptions options, float[] residual)
    {
        var (flags, channels) = (voltages.Flags[antenna], voltages.Channels);
        var smooth = new SmoothSpectrum(channels, options.BackgroundOrder);
        var rest = new RunningMedian(options.BackgroundHalfWidth);
        var (line, left) = (new double[channels], new float[channels]);
        double? noise = null;
        for (var p = 0; p < voltages.Points; p++)
        {
            var flagged = flags.AsSpan(voltages.Index(p, 0), channels);
            Read(p);
            if (flagged.Count(false) is var good && good < channels && good < ShortSpectrum.Few)
            {
                ShortSpectrum.Subtract(line, flagged, Sigma(noise ??= Noise(), amplitudes[p], options.RelativeTolerance));
                for (var c = 0; c < channels; c++) residual[voltages.Index(p, c)] = (float)line[c];
                continue;
            }

            smooth.Subtract(line, flagged);
            for (var c = 0; c < channels; c++) left[c] = (float)line[c];
            rest.Subtract(left, residual.AsSpan(p * channels, channels));
        }

        void Read(int point)
        {
            for (var c = 0; c < channels; c++)
            {
                var sample = voltages.Index(point, c);
                var value = BandpassTemplate.At(voltages, antenna, component / 2, sample) * inverse[c];
                line[c] = flags[sample] ? double.NaN : component % 2 == 0 ? value.Real : value.Imaginary;
            }
        }

        // Of neighbouring good channels' differences, all points together.
        double Noise()
        {
            var kept = (double[])line.Clone();
            var differences = new List<double>(residual.Length);
            for (var p = 0; p < voltages.Points; p++)
            {
                Read(p);
                var last = double.NaN;
                foreach (var value in line)
                {
                    if (double.IsFinite(value - last)) differences.Add((value - last) / Math.Sqrt(2));
                    if (double.IsFinite(value)) last = value;
                }
            }

            kept.CopyTo(line, 0);
            return differences.Count > 0 ? RobustScale.Measure(CollectionsMarshal.AsSpan(differences)).Scatter : double.NaN;
        }
    }

    static double[] Amplitudes(BeamVoltages voltages, int antenna, int product)
    {
        var (amplitudes, good) = (new double[voltages.Points], new List<double>(voltages.Channels));
        for (var p = 0; p < amplitudes.Length; p++)
        {
            good.Clear();
            for (var c = 0; c < voltages.Channels; c++)
            {
                var sample = voltages.Index(p, c);
                if (!voltages.Flags[antenna][sample]) good.Add(BandpassTemplate.At(voltages, antenna, product, sample).Magnitude);
            }

            amplitudes[p] = good.Count > 0 ? RobustScale.Median(CollectionsMarshal.AsSpan(good)) : 0;
        }

        return amplitudes;
    }

    static double Sigma(double noise, double amplitude, double tolerance) => Math.Sqrt((noise * noise) + (tolerance * tolerance * amplitude * amplitude));

    static bool Normalise(BeamVoltages voltages, int antenna, double[] amplitudes, double tolerance, float[] residual)
    {
        var (flags, channels) = (voltages.Flags[antenna], voltages.Channels);
        var good = new List<double>(residual.Length);
        for (var k = 0; k < residual.Length; k++)
        {
            if (!flags[k] && float.IsFinite(residual[k])) good.Add(residual[k]);
        }

        if (good.Count < 8) return false;
        var noise = RobustScale.Measure(CollectionsMarshal.AsSpan(good)).Scatter;
        for (var p = 0; p < voltages.Points; p++)
        {
            var sigma = Sigma(noise, amplitudes[p], tolerance);
            if (!(sigma > 0)) return false;
            for (var c = 0; c < channels; c++) residual[voltages.Index(p, c)] /= (float)sigma;
        }

        return true;
    }

    static void Detect(float[] residual, bool[] flags, bool[] found, int points, int channels, SumThresholdOptions options)
    {
        var good = new int[Math.Max(points, channels)];
        for (var window = 1; window <= options.LongestWindow; window *= 2)
        {
            var threshold = options.Threshold / Math.Pow(options.Falloff, Math.Log2(window));
            var marked = (bool[])found.Clone();
            for (var p = 0; p < points; p++) Scan(residual, found, marked, Good(p * channels, 1, channels), window, threshold);
            for (var c = 0; c < channels; c++) Scan(residual, found, marked, Good(c, channels, points), window, threshold);
            marked.CopyTo(found, 0);
        }

        ReadOnlySpan<int> Good(int start, int stride, int count)
        {
            var n = 0;
            for (var at = start; at < start + (count * stride); at += stride)
            {
                if (!flags[at] && float.IsFinite(residual[at])) good[n++] = at;
            }

            return good.AsSpan(0, n);
        }
    }

    // Windows hold good samples alone, over the gaps that flags leave: a window half empty would be held to the threshold of a full one. Samples found with
    // shorter windows enter with the threshold itself, so that they do not flag their neighbours (Offringa et al. 2010).
    static void Scan(float[] residual, bool[] found, bool[] marked, ReadOnlySpan<int> good, int window, double threshold)
    {
        double sum = 0;
        for (var i = 0; i < good.Length; i++)
        {
            sum += Capped(good[i]);
            if (i >= window) sum -= Capped(good[i - window]);
            if (i < window - 1 || Math.Abs(sum) <= threshold * window) continue;
            foreach (var at in good.Slice(i - window + 1, window)) marked[at] = true;
        }

        double Capped(int at) => found[at] ? Math.CopySign(Math.Min(Math.Abs(residual[at]), threshold), residual[at]) : residual[at];
    }

    static void FlagOccupied(bool[] flags, bool[] found, int points, int channels, double occupancy)
    {
        for (var c = 0; c < channels; c++)
        {
            var (count, good) = (0, 0);
            for (var p = 0; p < points; p++)
            {
                var at = (p * channels) + c;
                count += found[at] ? 1 : 0;
                good += found[at] || !flags[at] ? 1 : 0;
            }

            if (count <= occupancy * good) continue;
            for (var p = 0; p < points; p++) flags[(p * channels) + c] = true;
        }
    }
}
