using Holoflow.Holography.LinearAlgebra;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Pointing;

/// <summary>An elliptical Gaussian fitted to a beam.</summary>
/// <param name="Amplitude">Peak, in the unit of the plane.</param>
/// <param name="Centre">Position of the peak, rad.</param>
/// <param name="CurvatureLL">Half the inverse variance along l, rad^-2.</param>
/// <param name="CurvatureLM">Half the mixed term, rad^-2.</param>
/// <param name="CurvatureMM">Half the inverse variance along m, rad^-2.</param>
public readonly record struct GaussianBeam(double Amplitude, SkyOffset Centre, double CurvatureLL, double CurvatureLM, double CurvatureMM);

/// <summary>
/// Beam position by least squares of an elliptical Gaussian on the pixels above a fraction of the peak. HOLOGRAPHY eq. 10(b).
/// </summary>
public static class GaussianBeamFit
{
    const int Terms = 6;

    /// <summary>
    /// Fits A exp(-(a x² + 2 b x y + c y²)) by Gauss-Newton from the solution of the logarithm's linear problem.
    /// </summary>
    /// <param name="plane">[y][x] on <paramref name="grid"/>, linear in power.</param>
    /// <param name="grid">The pixel grid.</param>
    /// <param name="threshold">Pixels above this are used, in the unit of the plane; 0.3 for a normalised beam.</param>
    /// <returns>The Gaussian, or null where too few pixels are above the threshold or they have no maximum.</returns>
    public static GaussianBeam? Fit(ReadOnlySpan<float> plane, OutputGrid grid, double threshold)
    {
        // In pixels from the middle, so that every parameter is of order one.
        Span<double> parameters = stackalloc double[Terms];
        if (!FitLogarithm(plane, grid.Pixels, threshold, parameters)) return null;
        for (var iteration = 0; iteration < 12; iteration++)
        {
            if (!Step(plane, grid.Pixels, threshold, parameters, out var change)) return null;
            if (change < 1e-7) break;
        }

        var (amplitude, x, y, a, b, c) = (parameters[0], parameters[1], parameters[2], parameters[3], parameters[4], parameters[5]);
        if (!(a > 0 && c > 0 && a * c > b * b) || Math.Abs(x) > grid.Pixels / 2 || Math.Abs(y) > grid.Pixels / 2 || !double.IsFinite(amplitude)) return null;
        var size = grid.PixelSize;
        return new(amplitude, grid.Centre + new SkyOffset(-x * size, y * size), a / size / size, -b / size / size, c / size / size);
    }

    static bool FitLogarithm(ReadOnlySpan<float> plane, int side, double threshold, Span<double> parameters)
    {
        Span<double> normal = stackalloc double[Terms * Terms];
        Span<double> right = stackalloc double[Terms];
        normal.Clear();
        right.Clear();
        Span<double> row = stackalloc double[Terms];
        var count = 0;
        var half = side / 2;
        for (var k = 0; k < plane.Length; k++)
        {
            if (!(plane[k] > threshold)) continue;
            double value = plane[k], x = (k % side) - half, y = (k / side) - half;
            (row[0], row[1], row[2], row[3], row[4], row[5]) = (1, x, y, x * x, x * y, y * y);
            Accumulate(row, Math.Log(value), value * value, normal, right);
            count++;
        }

        if (count < 2 * Terms || !Solve(normal, right)) return false;
        var (a, b, c) = (-right[3], -right[4] / 2, -right[5]);
        var determinant = (a * c) - (b * b);
        if (!(a > 0 && determinant > 0)) return false;
        var x0 = ((right[1] * c) - (right[2] * b)) / (2 * determinant);
        var y0 = ((right[2] * a) - (right[1] * b)) / (2 * determinant);
        (parameters[0], parameters[1], parameters[2]) = (Math.Exp(right[0] + (right[1] * x0 / 2) + (right[2] * y0 / 2)), x0, y0);
        (parameters[3], parameters[4], parameters[5]) = (a, b, c);
        return true;
    }

    static bool Step(ReadOnlySpan<float> plane, int side, double threshold, Span<double> parameters, out double change)
    {
        Span<double> normal = stackalloc double[Terms * Terms];
        Span<double> right = stackalloc double[Terms];
        normal.Clear();
        right.Clear();
        Span<double> row = stackalloc double[Terms];
        var half = side / 2;
        var (amplitude, x0, y0, a, b, c) = (parameters[0], parameters[1], parameters[2], parameters[3], parameters[4], parameters[5]);
        for (var k = 0; k < plane.Length; k++)
        {
            if (!(plane[k] > threshold)) continue;
            double dx = (k % side) - half - x0, dy = (k / side) - half - y0;
            var shape = Math.Exp(-((a * dx * dx) + (2 * b * dx * dy) + (c * dy * dy)));
            var model = amplitude * shape;
            row[0] = shape;
            row[1] = model * 2 * ((a * dx) + (b * dy));
            row[2] = model * 2 * ((b * dx) + (c * dy));
            row[3] = -model * dx * dx;
            row[4] = -model * 2 * dx * dy;
            row[5] = -model * dy * dy;
            Accumulate(row, plane[k] - model, 1, normal, right);
        }

        change = 0;
        if (!Solve(normal, right)) return false;
        for (var i = 0; i < Terms; i++) parameters[i] += right[i];
        change = Math.Abs(right[0]) + Math.Abs(right[1]) + Math.Abs(right[2]);
        return double.IsFinite(change);
    }

    static void Accumulate(ReadOnlySpan<double> row, double value, double weight, Span<double> normal, Span<double> right)
    {
        for (var i = 0; i < Terms; i++)
        {
            right[i] += weight * row[i] * value;
            for (var j = 0; j <= i; j++) normal[(i * Terms) + j] += weight * row[i] * row[j];
        }
    }

    static bool Solve(Span<double> normal, Span<double> right)
    {
        if (!Cholesky.Factor(normal, Terms)) return false;
        Cholesky.Forward(normal, Terms, right);
        Cholesky.Backward(normal, Terms, right);
        return true;
    }
}
