using Holoflow.Holography.LinearAlgebra;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Regridding;

/// <summary>
/// Interpolation by the cubic radial basis function phi(r) = r³ through scattered samples. HOLOGRAPHY eq. 6(a): the interpolant at g is
/// W v with W = Phi(g,s) Phi(s,s)^-1, so one factorisation serves every plane that was sampled at the same points (defect 13).
/// Lengths are scaled by the samples' extent, to which the result is indifferent.
/// </summary>
public sealed class CubicRadialBasis
{
    readonly SkyOffset[] _samples;
    readonly double[] _inverse;
    readonly double _scale;

    CubicRadialBasis(SkyOffset[] samples, double[] inverse, double scale) => (_samples, _inverse, _scale) = (samples, inverse, scale);

    /// <summary>Number of samples, P.</summary>
    public int Count => _samples.Length;

    /// <summary>Factors Phi(s,s) for samples at the given positions, [P], rad.</summary>
    /// <exception cref="RegriddingException">Two samples at one position, or fewer than 3.</exception>
    public static CubicRadialBasis Factor(IReadOnlyList<SkyOffset> samples)
    {
        if (samples.Count < 3) throw new RegriddingException($"interpolation needs at least 3 samples, not {samples.Count}");
        SkyOffset[] s = [.. samples];
        var scale = 1 / Math.Max(s.Max(o => Math.Abs(o.L)), s.Max(o => Math.Abs(o.M)));
        var phi = new double[s.Length * s.Length];
        for (var i = 0; i < s.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                phi[(i * s.Length) + j] = phi[(j * s.Length) + i] = Basis(scale, s[i], s[j]);
                if (phi[(i * s.Length) + j] == 0) throw new RegriddingException($"raster points {j} and {i} stand at the same place; average repeats first");
            }
        }

        var inverse = RealInverse.Of(phi, s.Length) ?? throw new RegriddingException("the raster's interpolation matrix is singular");
        return new(s, inverse, scale);
    }

    /// <summary>The weights of one target, [P]: its value is their dot product with the samples' values.</summary>
    public double[] WeightsAt(SkyOffset target)
    {
        var weights = new double[Count];
        for (var k = 0; k < Count; k++)
        {
            var phi = Basis(_scale, target, _samples[k]);
            for (var j = 0; j < Count; j++) weights[j] += phi * _inverse[(k * Count) + j];
        }

        return weights;
    }

    /// <summary>
    /// The weight matrix of many targets, packed in strips for <see cref="PanelProduct"/>: [strips of 12 targets][P][12], single precision
    /// (worked out in double; its elements are of order one).
    /// </summary>
    internal float[] PackedWeights(IReadOnlyList<SkyOffset> targets)
    {
        const int rows = PanelProduct.StripRows;
        var columns = PanelProduct.PanelColumns<double>();
        var panels = PackInverse(columns);
        var padded = panels.Length / (Count * columns) * columns;
        var strip = new double[Count * rows];
        var tile = new double[rows * padded];
        var packed = new float[PanelProduct.Strips(targets.Count) * Count * rows];
        for (var s = 0; s < PanelProduct.Strips(targets.Count); s++)
        {
            for (var r = 0; r < rows; r++)
            {
                var target = targets[Math.Min((s * rows) + r, targets.Count - 1)];
                for (var k = 0; k < Count; k++) strip[(k * rows) + r] = Basis(_scale, target, _samples[k]);
            }

            for (var panel = 0; panel < padded / columns; panel++)
                PanelProduct.Multiply<double>(strip, panels.AsSpan(panel * Count * columns), tile.AsSpan(panel * columns), Count, padded);
            var to = packed.AsSpan(s * Count * rows, Count * rows);
            for (var k = 0; k < Count; k++)
            {
                for (var r = 0; r < rows; r++) to[(k * rows) + r] = (float)tile[(r * padded) + k];
            }
        }

        return packed;
    }

    /// <summary>
    /// Replaces the values of left-out samples so that the interpolant through all samples equals the interpolant through the kept ones alone:
    /// the coefficients of the left-out are made zero, by a system only as large as their number. This takes flagged points out of Phi(s,s)
    /// exactly, without a factorisation and with one weight matrix for all planes.
    /// </summary>
    /// <param name="leftOut">Numbers of the samples to leave out, ascending, [those that are left out].</param>
    /// <param name="values">[P, columns]; the left-out rows are overwritten.</param>
    /// <param name="columns">Number of planes.</param>
    /// <returns>False where the rest does not determine them.</returns>
    public bool FillLeftOut(ReadOnlySpan<int> leftOut, Span<double> values, int columns)
    {
        var n = leftOut.Length;
        if (n == 0) return true;
        foreach (var f in leftOut) values.Slice(f * columns, columns).Clear();
        var block = new double[n * n];
        var right = new double[n * columns];
        for (var i = 0; i < n; i++)
        {
            var row = _inverse.AsSpan(leftOut[i] * Count, Count);
            for (var j = 0; j < n; j++) block[(i * n) + j] = row[leftOut[j]];
            for (var k = 0; k < Count; k++)
            {
                var weight = row[k];
                var from = values.Slice(k * columns, columns);
                var sum = right.AsSpan(i * columns, columns);
                for (var c = 0; c < columns; c++) sum[c] -= weight * from[c];
            }
        }

        if (RealInverse.Of(block, n) is not { } solved) return false;
        for (var i = 0; i < n; i++)
        {
            var to = values.Slice(leftOut[i] * columns, columns);
            for (var j = 0; j < n; j++)
            {
                for (var c = 0; c < columns; c++) to[c] += solved[(i * n) + j] * right[(j * columns) + c];
            }
        }

        return true;
    }

    double[] PackInverse(int columns)
    {
        var count = (Count + columns - 1) / columns;
        var panels = new double[count * Count * columns];
        for (var k = 0; k < Count; k++)
        {
            for (var j = 0; j < Count; j++) panels[(((j / columns) * Count) + k) * columns + (j % columns)] = _inverse[(k * Count) + j];
        }

        return panels;
    }

    static double Basis(double scale, SkyOffset a, SkyOffset b)
    {
        var (dl, dm) = (scale * (a.L - b.L), scale * (a.M - b.M));
        var squared = (dl * dl) + (dm * dm);
        return squared * Math.Sqrt(squared);
    }
}
