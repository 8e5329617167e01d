using Holoflow.Holography.LinearAlgebra;

namespace Holoflow.Holography.Regridding;

/// <summary>
/// Interpolating B-spline of order 5 (quintic) on a regular 1-D grid, applied along both axes of a plane: the second half of
/// <c>power-spline</c>, HOLOGRAPHY eq. 6(c). Knots are those of FITPACK's interpolating splines (the samples without the outermost
/// (k+1)/2 at each end), so the result is that of the usual library routines. Dierckx 1993.
/// </summary>
public sealed class SplineInterpolation
{
    const int Degree = 5;
    readonly double[] _matrix;

    /// <summary>Prepares the matrix that takes samples to targets along one axis.</summary>
    /// <param name="samples">Sample positions, ascending, [N], any unit.</param>
    /// <param name="targets">Target positions in the same unit, [K]; those outside are extrapolated by the end polynomial.</param>
    /// <exception cref="RegriddingException">Fewer than 6 samples, or samples not ascending.</exception>
    public SplineInterpolation(ReadOnlySpan<double> samples, ReadOnlySpan<double> targets)
    {
        (Samples, Targets) = (samples.Length, targets.Length);
        if (Samples <= Degree) throw new RegriddingException($"power-spline needs a raster of at least {Degree + 1} points a side, not {Samples}");
        for (var i = 1; i < Samples; i++)
        {
            if (!(samples[i] > samples[i - 1])) throw new RegriddingException("the samples of a spline must ascend");
        }

        var knots = Knots(samples);
        var inverse = RealInverse.Of(Collocation(knots, samples), Samples) ?? throw new RegriddingException("the spline's matrix is singular");
        var basis = Collocation(knots, targets);
        _matrix = new double[Targets * Samples];
        for (var t = 0; t < Targets; t++)
        {
            for (var k = 0; k < Samples; k++)
            {
                for (var j = 0; j < Samples; j++) _matrix[(t * Samples) + j] += basis[(t * Samples) + k] * inverse[(k * Samples) + j];
            }
        }
    }

    /// <summary>Number of samples, N.</summary>
    public int Samples { get; }

    /// <summary>Number of targets, K.</summary>
    public int Targets { get; }

    /// <summary>Interpolates a plane along both axes.</summary>
    /// <param name="rows">The spline of the first (slow) axis.</param>
    /// <param name="columns">The spline of the second (fast) axis.</param>
    /// <param name="plane">[rows.Samples, columns.Samples].</param>
    /// <param name="result">Receives [rows.Targets, columns.Targets].</param>
    public static void Apply(SplineInterpolation rows, SplineInterpolation columns, ReadOnlySpan<float> plane, Span<float> result)
    {
        var half = new double[rows.Targets * columns.Samples];
        for (var y = 0; y < rows.Targets; y++)
        {
            for (var i = 0; i < rows.Samples; i++)
            {
                var weight = rows._matrix[(y * rows.Samples) + i];
                for (var j = 0; j < columns.Samples; j++) half[(y * columns.Samples) + j] += weight * plane[(i * columns.Samples) + j];
            }
        }

        for (var y = 0; y < rows.Targets; y++)
        {
            for (var x = 0; x < columns.Targets; x++)
            {
                var sum = 0.0;
                for (var j = 0; j < columns.Samples; j++) sum += columns._matrix[(x * columns.Samples) + j] * half[(y * columns.Samples) + j];
                result[(y * columns.Targets) + x] = (float)sum;
            }
        }
    }

    static double[] Knots(ReadOnlySpan<double> samples)
    {
        var n = samples.Length;
        var knots = new double[n + Degree + 1];
        for (var i = 0; i <= Degree; i++) (knots[i], knots[n + i]) = (samples[0], samples[n - 1]);
        for (var i = Degree + 1; i < n; i++) knots[i] = samples[i - ((Degree + 1) / 2)];
        return knots;
    }

    double[] Collocation(double[] knots, ReadOnlySpan<double> at)
    {
        var matrix = new double[at.Length * Samples];
        Span<double> basis = stackalloc double[Degree + 1];
        for (var i = 0; i < at.Length; i++)
        {
            var span = Degree;
            while (span < Samples - 1 && at[i] >= knots[span + 1]) span++;
            basis.Clear();
            basis[0] = 1;
            for (var d = 1; d <= Degree; d++)
            {
                var saved = 0.0;
                for (var r = 0; r < d; r++)
                {
                    var (right, left) = (knots[span + r + 1], knots[span + 1 - d + r]);
                    var share = basis[r] / (right - left);
                    basis[r] = saved + ((right - at[i]) * share);
                    saved = (at[i] - left) * share;
                }

                basis[d] = saved;
            }

            for (var r = 0; r <= Degree; r++) matrix[(i * Samples) + span - Degree + r] = basis[r];
        }

        return matrix;
    }
}
