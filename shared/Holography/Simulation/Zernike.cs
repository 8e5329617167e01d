namespace Holoflow.Holography.Simulation;

/// <summary>
/// Zernike polynomials in the single-index order of the OSA standard (n, then m from -n to n), unnormalised, with the angle taken from +y: x = r sin t,
/// y = r cos t; m below 0 goes with sin, above with cos. Thibos et al. 2002; Noll 1976.
/// </summary>
public static class Zernike
{
    const int MaxDegree = 10;
    static readonly double[][] RadialCoefficients = MakeRadialCoefficients();

    /// <summary>Number of polynomials up to degree 10.</summary>
    public const int Count = (MaxDegree + 1) * (MaxDegree + 2) / 2;

    /// <summary>Evaluates the first polynomials at a point of the unit disc.</summary>
    /// <param name="x">First coordinate, fraction of the radius.</param>
    /// <param name="y">Second coordinate, fraction of the radius.</param>
    /// <param name="values">Receives as many modes as it is long, at most 66.</param>
    /// <exception cref="ArgumentException">More modes than 66.</exception>
    public static void Evaluate(double x, double y, Span<double> values)
    {
        if (values.Length > Count) throw new ArgumentException($"there are {Count} polynomials up to degree {MaxDegree}, not {values.Length}", nameof(values));
        var r = Math.Sqrt((x * x) + (y * y));
        var (sine, cosine) = r > 0 ? (x / r, y / r) : (0, 1);
        Span<double> powers = stackalloc double[MaxDegree + 1];
        Span<double> sines = stackalloc double[MaxDegree + 1];
        Span<double> cosines = stackalloc double[MaxDegree + 1];
        (powers[0], sines[0], cosines[0]) = (1, 0, 1);
        for (var m = 1; m <= MaxDegree; m++)
        {
            powers[m] = powers[m - 1] * r;
            sines[m] = (sines[m - 1] * cosine) + (cosines[m - 1] * sine);
            cosines[m] = (cosines[m - 1] * cosine) - (sines[m - 1] * sine);
        }

        var (n, order) = (0, 0);
        for (var k = 0; k < values.Length; k++)
        {
            var m = Math.Abs(order);
            var coefficients = RadialCoefficients[k];
            var radial = 0.0;
            for (var s = 0; s < coefficients.Length; s++) radial += coefficients[s] * powers[n - (2 * s)];
            values[k] = radial * (order < 0 ? sines[m] : cosines[m]);
            (n, order) = order == n ? (n + 1, -(n + 1)) : (n, order + 2);
        }
    }

    static double[][] MakeRadialCoefficients()
    {
        var all = new double[Count][];
        var k = 0;
        for (var n = 0; n <= MaxDegree; n++)
        {
            for (var order = -n; order <= n; order += 2, k++)
            {
                var m = Math.Abs(order);
                all[k] = new double[((n - m) / 2) + 1];
                for (var s = 0; s < all[k].Length; s++)
                {
                    var term = Factorial(n - s) / (Factorial(s) * Factorial(((n + m) / 2) - s) * Factorial(((n - m) / 2) - s));
                    all[k][s] = s % 2 == 0 ? term : -term;
                }
            }
        }

        return all;
    }

    static double Factorial(int n)
    {
        var product = 1.0;
        for (var i = 2; i <= n; i++) product *= i;
        return product;
    }
}
