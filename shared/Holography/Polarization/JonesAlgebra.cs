using System.Numerics;

namespace Holoflow.Holography.Polarization;

/// <summary>A 2 x 2 complex matrix: rows are the target's receptors, columns the reference's (or the sky's).</summary>
public readonly record struct Jones(Complex XX, Complex XY, Complex YX, Complex YY)
{
    /// <summary>The unit matrix.</summary>
    public static Jones Identity => new(1, 0, 0, 1);

    /// <summary>Conjugate transpose.</summary>
    public Jones Adjoint => new(Complex.Conjugate(XX), Complex.Conjugate(YX), Complex.Conjugate(XY), Complex.Conjugate(YY));

    /// <summary>Matrix product.</summary>
    public static Jones operator *(Jones a, Jones b) => new(
        (a.XX * b.XX) + (a.XY * b.YX), (a.XX * b.XY) + (a.XY * b.YY), (a.YX * b.XX) + (a.YY * b.YX), (a.YX * b.XY) + (a.YY * b.YY));

    /// <summary>Scaled by a number.</summary>
    public static Jones operator *(Complex s, Jones a) => new(s * a.XX, s * a.XY, s * a.YX, s * a.YY);

    /// <summary>Sum.</summary>
    public static Jones operator +(Jones a, Jones b) => new(a.XX + b.XX, a.XY + b.XY, a.YX + b.YX, a.YY + b.YY);
}

/// <summary>The four Stokes parameters, in the units of the matrix they came from.</summary>
public readonly record struct StokesVector(double I, double Q, double U, double V);

/// <summary>
/// From voltage patterns to Stokes beams. HOLOGRAPHY eqs. 7 to 9; Hamaker, Bregman and Sault 1996; Smirnov 2011; the receptor angle as in the
/// ASKAP Science Observation Guide.
/// </summary>
public static class JonesAlgebra
{
    /// <summary>
    /// Eq. 8, brightness response to an unpolarised unit source: b = J J^H / 2. Not J^H J, which agrees to first order in leakage only (defect 6).
    /// </summary>
    public static Jones Brightness(Jones j) => new Complex(0.5, 0) * (j * j.Adjoint);

    /// <summary>
    /// Eq. 9, Stokes of a brightness matrix with receptors at angle theta; s = sin 2 theta, c = cos 2 theta:
    /// I = XX + YY; Q = s XX + c (XY + YX) - s YY; U = -c XX + s (XY + YX) + c YY; V = -i (XY - YX).
    /// </summary>
    /// <param name="brightness">Hermitian; the units carry over.</param>
    /// <param name="receptorAngle">theta, rad, sign kept; -45 deg for holography.</param>
    public static StokesVector Stokes(Jones brightness, double receptorAngle)
    {
        var (s, c) = Math.SinCos(2 * receptorAngle);
        var cross = (brightness.XY + brightness.YX).Real;
        var (xx, yy) = (brightness.XX.Real, brightness.YY.Real);
        return new(
            xx + yy,
            (s * (xx - yy)) + (c * cross),
            (c * (yy - xx)) + (s * cross),
            (-Complex.ImaginaryOne * (brightness.XY - brightness.YX)).Real);
    }

    /// <summary>
    /// Eq. 7, the row scales that make the pattern's centre a unit response: 1 / J_xx(b) and 1 / J_yy(b), then one real factor for both so that I at
    /// the centre is exactly 1 (the cross-hands add their squares to it otherwise). Fractional leakage does not change with that factor.
    /// </summary>
    /// <param name="centre">J at the nominal beam centre, in voltage units.</param>
    /// <returns>Scales of the X and Y row, or null where a co-polar response is zero or the matrix is not finite.</returns>
    public static (Complex X, Complex Y)? RowScales(Jones centre)
    {
        if (centre.XX == Complex.Zero || centre.YY == Complex.Zero) return null;
        var (x, y) = (1 / centre.XX, 1 / centre.YY);
        var intensity = 0.5 * (2 + Squared(x * centre.XY) + Squared(y * centre.YX));
        var factor = 1 / Math.Sqrt(intensity);
        return Complex.IsFinite(x * factor) && Complex.IsFinite(y * factor) ? (x * factor, y * factor) : null;
    }

    /// <summary>Scales the rows of a matrix: diag(x, y) J.</summary>
    public static Jones ScaleRows(Jones j, (Complex X, Complex Y) scales) =>
        new(scales.X * j.XX, scales.X * j.XY, scales.Y * j.YX, scales.Y * j.YY);

    static double Squared(Complex z) => (z.Real * z.Real) + (z.Imaginary * z.Imaginary);
}
