using System.Numerics;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Means;
using Holoflow.Holography.Spectra;

namespace Holoflow.Holography.Flagging;

/// <summary>
/// An antenna's bandpass as the strongest raster points show it, so that its structure in frequency is not taken for interference. The median over
/// points of each one's spectrum over its own smooth course, times the course of the strongest: interference, whose phase differs from point to point, does not enter, and neither does the
/// beam's change with frequency, which differs from point to point too. Where a channel is flagged at the strongest points, the next ones stand in for them.
/// </summary>
static class BandpassTemplate
{
    const int StrongPoints = 9;
    const int Candidates = 27;
    const double WeakestCandidate = 1.0 / 3;
    const int HighestOrder = 3;
    const int ChannelsPerTerm = 4;
    const int Rounds = 3;
    const double LargestDisagreement = 0.1;

    /// <summary>The inverse bandpass of a co-polar product, [C]; 1 where nothing is known, and everywhere if the strongest points disagree (no source).</summary>
    public static Complex[] Inverse(BeamVoltages voltages, int antenna, int product)
    {
        var points = Strongest(voltages, antenna, product);
        var inverse = Enumerable.Repeat(Complex.One, voltages.Channels).ToArray();
        // A course that is fitted to what flags leave follows the ripple of those channels; with the ripple known it does not.
        for (var round = 0; round < Rounds; round++)
        {
            var courses = Courses(voltages, antenna, product, points, inverse);
            if (round == 0) Share(courses);
            if (!Divide(voltages, antenna, product, points, courses, inverse)) return [.. Enumerable.Repeat(Complex.One, voltages.Channels)];
        }

        return inverse;
    }

    // The smooth course of the strongest point is the bandpass's own, delays among it: what the others share of it is not their beam's.
    static void Share(Complex[]?[] courses)
    {
        var strongest = courses.FirstOrDefault(course => course is not null && course[course.Length / 2].Magnitude > 0);
        if (strongest is null) return;
        foreach (var course in courses)
        {
            for (var c = 0; c < course?.Length && course != strongest; c++) course[c] /= strongest[c] / strongest[course.Length / 2];
        }

        Array.Fill(strongest, strongest[strongest.Length / 2]);
    }

    // False where the points disagree.
    static bool Divide(BeamVoltages voltages, int antenna, int product, int[] points, Complex[]?[] courses, Complex[] inverse)
    {
        Span<double> real = stackalloc double[StrongPoints];
        Span<double> imaginary = stackalloc double[StrongPoints];
        var (disagreement, known) = (new double[voltages.Channels], 0);
        for (var c = 0; c < inverse.Length; c++)
        {
            var n = 0;
            for (var k = 0; k < points.Length && n < StrongPoints; k++)
            {
                var sample = voltages.Index(points[k], c);
                if (voltages.Flags[antenna][sample] || courses[k] is not { } course) continue;
                var ratio = At(voltages, antenna, product, sample) / course[c];
                (real[n], imaginary[n]) = (ratio.Real, ratio.Imaginary);
                n++;
            }

            inverse[c] = Complex.One;
            if (n == 0) continue;
            var (re, im) = (RobustScale.Measure(real[..n]), RobustScale.Measure(imaginary[..n]));
            var gain = new Complex(re.Median, im.Median);
            disagreement[known++] = re.Scatter + im.Scatter;
            if (gain.Magnitude > 0.1) inverse[c] = 1 / gain;
        }

        return RobustScale.Median(disagreement.AsSpan(0, known)) < LargestDisagreement;
    }

    static int[] Strongest(BeamVoltages voltages, int antenna, int product)
    {
        var points = Enumerable.Range(0, voltages.Points)
            .Select(p => (Point: p, Amplitude: Middle(voltages, antenna, product, p).Magnitude))
            .Where(x => x.Amplitude > 0)
            .OrderByDescending(x => x.Amplitude)
            .Take(Candidates)
            .ToArray();
        return [.. points.Where((x, k) => k < StrongPoints || x.Amplitude >= WeakestCandidate * points[0].Amplitude).Select(x => x.Point)];
    }

    // By point; null where too few channels are left to tell.
    static Complex[]?[] Courses(BeamVoltages voltages, int antenna, int product, int[] points, Complex[] inverse)
    {
        var channels = voltages.Channels;
        var fits = new RobustPolynomial?[HighestOrder + 1];
        var (real, imaginary, flags) = (new double[channels], new double[channels], new bool[channels]);
        var (fittedReal, fittedImaginary, used) = (new double[channels], new double[channels], new bool[channels]);
        return [.. points.Select(point =>
        {
            for (var c = 0; c < channels; c++)
            {
                var sample = voltages.Index(point, c);
                var value = At(voltages, antenna, product, sample) * inverse[c];
                (real[c], imaginary[c], flags[c]) = (value.Real, value.Imaginary, voltages.Flags[antenna][sample]);
            }

            var good = flags.AsSpan().Count(false);
            if (good < ShortSpectrum.Few)
            {
                if (!RepeatedMedianLine.Fit(real, flags, fittedReal) || !RepeatedMedianLine.Fit(imaginary, flags, fittedImaginary)) return null;
                return Joined();
            }

            var order = Math.Min(HighestOrder, good / ChannelsPerTerm);
            var fit = fits[order] ??= new([.. Enumerable.Range(0, channels).Select(c => (double)c)], new RobustPolynomialOptions { MaxOrder = order, SnrLimit = 4, MaxIterations = 5 });
            if (!fit.Fit(real, flags, fittedReal, used) || !fit.Fit(imaginary, flags, fittedImaginary, used)) return null;
            return Joined();
        })];

        Complex[] Joined() => [.. Enumerable.Range(0, channels).Select(c => new Complex(fittedReal[c], fittedImaginary[c]))];
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
