using System.Numerics;

namespace Holoflow.Holography.LinearAlgebra;

/// <summary>Cholesky factorisations of small positive definite systems, in place, lower triangle, row-major.</summary>
static class Cholesky
{
    /// <summary>
    /// Factors a Hermitian A = L L^H given as real and imaginary parts; only the lower triangle is read. False where A is not positive definite.
    /// </summary>
    public static bool Factor(double[] real, double[] imaginary, int n)
    {
        for (var j = 0; j < n; j++)
        {
            Span<double> jr = real.AsSpan(j * n, n), ji = imaginary.AsSpan(j * n, n);
            var (norm, _) = ConjugateDot(jr, ji, jr, ji, j);
            if (!(jr[j] - norm > 0)) return false;
            var root = Math.Sqrt(jr[j] - norm);
            (jr[j], ji[j]) = (root, 0);
            for (var i = j + 1; i < n; i++)
            {
                Span<double> ir = real.AsSpan(i * n, n), ii = imaginary.AsSpan(i * n, n);
                var (re, im) = ConjugateDot(ir, ii, jr, ji, j);
                (ir[j], ii[j]) = ((ir[j] - re) / root, (ii[j] - im) / root);
            }
        }

        return true;
    }

    /// <summary>Solves L L^H x = b in place.</summary>
    public static void Solve(double[] real, double[] imaginary, int n, Span<Complex> b)
    {
        for (var i = 0; i < n; i++)
        {
            var sum = b[i];
            for (var k = 0; k < i; k++) sum -= new Complex(real[(i * n) + k], imaginary[(i * n) + k]) * b[k];
            b[i] = sum / real[(i * n) + i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            b[i] /= real[(i * n) + i];
            for (var k = 0; k < i; k++) b[k] -= new Complex(real[(i * n) + k], -imaginary[(i * n) + k]) * b[i];
        }
    }

    /// <summary>The sum of x times conj(y) over the first <paramref name="count"/> elements.</summary>
    static (double Real, double Imaginary) ConjugateDot(
        ReadOnlySpan<double> xr, ReadOnlySpan<double> xi, ReadOnlySpan<double> yr, ReadOnlySpan<double> yi, int count)
    {
        var (re, im) = (Vector<double>.Zero, Vector<double>.Zero);
        var k = 0;
        for (; k <= count - Vector<double>.Count; k += Vector<double>.Count)
        {
            Vector<double> a = new(xr[k..]), b = new(xi[k..]), c = new(yr[k..]), d = new(yi[k..]);
            re += (a * c) + (b * d);
            im += (b * c) - (a * d);
        }

        var (real, imaginary) = (Vector.Sum(re), Vector.Sum(im));
        for (; k < count; k++)
        {
            real += (xr[k] * yr[k]) + (xi[k] * yi[k]);
            imaginary += (xi[k] * yr[k]) - (xr[k] * yi[k]);
        }

        return (real, imaginary);
    }

    /// <summary>Factors a real A = L L^T; only the lower triangle is read. False where A is not positive definite.</summary>
    public static bool Factor(Span<double> a, int n)
    {
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
            {
                var sum = a[(i * n) + j];
                for (var k = 0; k < j; k++) sum -= a[(i * n) + k] * a[(j * n) + k];
                if (i > j) a[(i * n) + j] = sum / a[(j * n) + j];
                else if (sum > 0) a[(j * n) + j] = Math.Sqrt(sum);
                else return false;
            }
        }

        return true;
    }

    /// <summary>Solves L y = b in place.</summary>
    public static void Forward(ReadOnlySpan<double> factor, int n, Span<double> b)
    {
        for (var i = 0; i < b.Length; i++)
        {
            var sum = b[i];
            for (var k = 0; k < i; k++) sum -= factor[(i * n) + k] * b[k];
            b[i] = sum / factor[(i * n) + i];
        }
    }

    /// <summary>Solves L^T x = y in place for the leading part that <paramref name="b"/> covers.</summary>
    public static void Backward(ReadOnlySpan<double> factor, int n, Span<double> b)
    {
        for (var i = b.Length - 1; i >= 0; i--)
        {
            var sum = b[i];
            for (var k = i + 1; k < b.Length; k++) sum -= factor[(k * n) + i] * b[k];
            b[i] = sum / factor[(i * n) + i];
        }
    }
}
