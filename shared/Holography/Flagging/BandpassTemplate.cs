using System.Numerics;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Means;

namespace Holoflow.Holography.Flagging;

/// <summary>
/// An antenna's bandpass as the strongest raster points show it, so that its structure in frequency is not taken for interference. The median over
/// points of each one's spectrum over its own mean: interference, whose phase differs from point to point, does not enter.
/// </summary>
static class BandpassTemplate
{
    const int StrongPoints = 9;
    const double LargestDisagreement = 0.1;

    /// <summary>The inverse bandpass of a co-polar product, [C]; 1 where nothing is known, and everywhere if the strongest points disagree (no source).</summary>
    public static Complex[] Inverse(BeamVoltages voltages, int antenna, int product)
    {
        var strongest = Enumerable.Range(0, voltages.Points)
            .Select(p => (Point: p, Middle: Middle(voltages, antenna, product, p)))
            .OrderByDescending(x => x.Middle.Magnitude)
            .Take(StrongPoints)
            .Where(x => x.Middle.Magnitude > 0)
            .ToArray();
        var inverse = new Complex[voltages.Channels];
        Span<double> real = stackalloc double[StrongPoints];
        Span<double> imaginary = stackalloc double[StrongPoints];
        var disagreement = new double[voltages.Channels];
        for (var c = 0; c < inverse.Length; c++)
        {
            var n = 0;
            foreach (var (point, middle) in strongest)
            {
                var sample = voltages.Index(point, c);
                if (voltages.Flags[antenna][sample]) continue;
                var ratio = At(voltages, antenna, product, sample) / middle;
                (real[n], imaginary[n]) = (ratio.Real, ratio.Imaginary);
                n++;
            }

            var (re, im) = (RobustScale.Measure(real[..n]), RobustScale.Measure(imaginary[..n]));
            var gain = new Complex(re.Median, im.Median);
            disagreement[c] = n == 0 ? double.PositiveInfinity : re.Scatter + im.Scatter;
            inverse[c] = gain.Magnitude > 0.1 ? 1 / gain : Complex.One;
        }

        if (!(RobustScale.Median(disagreement) < LargestDisagreement)) Array.Fill(inverse, Complex.One);
        return inverse;
    }

    /// <summary>One voltage.</summary>
    public static Complex At(BeamVoltages voltages, int antenna, int product, int sample)
    {
        var at = (8 * sample) + (2 * product);
        return new(voltages.Values[antenna][at], voltages.Values[antenna][at + 1]);
    }

    // The median: strong interference in a few channels would make a mean of its own, of another phase at every point.
    static Complex Middle(BeamVoltages voltages, int antenna, int product, int point)
    {
        var (real, imaginary, n) = (new double[voltages.Channels], new double[voltages.Channels], 0);
        for (var c = 0; c < voltages.Channels; c++)
        {
            var sample = voltages.Index(point, c);
            if (voltages.Flags[antenna][sample]) continue;
            var value = At(voltages, antenna, product, sample);
            (real[n], imaginary[n]) = (value.Real, value.Imaginary);
            n++;
        }

        return n > 0 ? new(RobustScale.Median(real.AsSpan(0, n)), RobustScale.Median(imaginary.AsSpan(0, n))) : Complex.Zero;
    }
}
