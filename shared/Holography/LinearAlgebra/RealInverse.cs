using System.Numerics;

namespace Holoflow.Holography.LinearAlgebra;

/// <summary>Inverse of a dense real matrix by Gauss-Jordan elimination with partial pivoting, rows vectorised.</summary>
static class RealInverse
{
    /// <summary>The inverse of a row-major n x n matrix, or null where it is singular to working precision.</summary>
    public static double[]? Of(ReadOnlySpan<double> matrix, int n)
    {
        if (matrix.Length != n * n) throw new ArgumentException($"a {n} x {n} matrix has {n * n} elements, not {matrix.Length}", nameof(matrix));
        var a = matrix.ToArray();
        var pivots = new int[n];
        var largest = LargestMagnitude(a);
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
            {
                if (Math.Abs(a[(i * n) + k]) > Math.Abs(a[(pivot * n) + k])) pivot = i;
            }

            var head = a[(pivot * n) + k];
            if (!(Math.Abs(head) > 1e-14 * largest)) return null;
            pivots[k] = pivot;
            var row = a.AsSpan(k * n, n);
            if (pivot != k) Swap(row, a.AsSpan(pivot * n, n));
            row[k] = 1;
            Scale(row, 1 / head);
            for (var i = 0; i < n; i++)
            {
                if (i == k) continue;
                var other = a.AsSpan(i * n, n);
                var factor = other[k];
                other[k] = 0;
                Subtract(other, factor, row);
            }
        }

        UnpivotColumns(a, pivots, n);
        return a;
    }

    static void UnpivotColumns(double[] a, int[] pivots, int n)
    {
        for (var k = n - 1; k >= 0; k--)
        {
            if (pivots[k] == k) continue;
            for (var i = 0; i < n; i++) (a[(i * n) + k], a[(i * n) + pivots[k]]) = (a[(i * n) + pivots[k]], a[(i * n) + k]);
        }
    }

    static double LargestMagnitude(double[] a)
    {
        var largest = 0.0;
        foreach (var x in a) largest = Math.Max(largest, Math.Abs(x));
        return largest;
    }

    static void Swap(Span<double> x, Span<double> y)
    {
        for (var i = 0; i < x.Length; i++) (x[i], y[i]) = (y[i], x[i]);
    }

    static void Scale(Span<double> x, double factor)
    {
        for (var i = 0; i < x.Length; i++) x[i] *= factor;
    }

    static void Subtract(Span<double> x, double factor, ReadOnlySpan<double> y)
    {
        var width = Vector<double>.Count;
        var wide = new Vector<double>(factor);
        var i = 0;
        for (; i <= x.Length - width; i += width)
            (new Vector<double>(x[i..]) - (wide * new Vector<double>(y[i..]))).CopyTo(x[i..]);
        for (; i < x.Length; i++) x[i] -= factor * y[i];
    }
}
