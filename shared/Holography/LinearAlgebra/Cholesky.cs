using System.Numerics;

namespace Holoflow.Holography.LinearAlgebra;

/// <summary>Cholesky factorisations of small positive definite systems, in place, lower triangle, row-major.</summary>
static class Cholesky
{
    /// <summary>Factors A = L L^H; only the lower triangle is read. False where A is not positive definite.</summary>
    public static bool Factor(Span<Complex> a, int n)
    {
        for (var j = 0; j < n; j++)
        {
            var rowJ = a.Slice(j * n, n);
            var diagonal = rowJ[j].Real;
            for (var k = 0; k < j; k++) diagonal -= (rowJ[k].Real * rowJ[k].Real) + (rowJ[k].Imaginary * rowJ[k].Imaginary);
            if (!(diagonal > 0)) return false;
            var root = Math.Sqrt(diagonal);
            rowJ[j] = root;
            for (var i = j + 1; i < n; i++)
            {
                var rowI = a.Slice(i * n, n);
                var (re, im) = (rowI[j].Real, rowI[j].Imaginary);
                for (var k = 0; k < j; k++)
                {
                    re -= (rowI[k].Real * rowJ[k].Real) + (rowI[k].Imaginary * rowJ[k].Imaginary);
                    im -= (rowI[k].Imaginary * rowJ[k].Real) - (rowI[k].Real * rowJ[k].Imaginary);
                }

                rowI[j] = new Complex(re / root, im / root);
            }
        }

        return true;
    }

    /// <summary>Solves L L^H x = b in place.</summary>
    public static void Solve(ReadOnlySpan<Complex> factor, int n, Span<Complex> b)
    {
        for (var i = 0; i < n; i++)
        {
            var sum = b[i];
            for (var k = 0; k < i; k++) sum -= factor[(i * n) + k] * b[k];
            b[i] = sum / factor[(i * n) + i].Real;
        }

        for (var i = n - 1; i >= 0; i--)
        {
            var sum = b[i];
            for (var k = i + 1; k < n; k++) sum -= Complex.Conjugate(factor[(k * n) + i]) * b[k];
            b[i] = sum / factor[(i * n) + i].Real;
        }
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
