using System.Runtime.InteropServices;

namespace Holoflow.Holography;

/// <summary>
/// A complex number of two 32-bit floats, real part first: the layout of a visibility on disk (casacore's Complex) and of
/// a FITS <c>C</c> column. Blittable, so that a span of it can be viewed as a span of floats.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct ComplexSingle(float Real, float Imaginary)
{
    /// <summary>The complex conjugate.</summary>
    public ComplexSingle Conjugate() => new(Real, -Imaginary);

    /// <summary>Real squared plus imaginary squared, in the square of the unit.</summary>
    public float SquaredMagnitude() => (Real * Real) + (Imaginary * Imaginary);

    public static ComplexSingle operator +(ComplexSingle a, ComplexSingle b) => new(a.Real + b.Real, a.Imaginary + b.Imaginary);

    public static ComplexSingle operator -(ComplexSingle a, ComplexSingle b) => new(a.Real - b.Real, a.Imaginary - b.Imaginary);

    public static ComplexSingle operator *(ComplexSingle a, ComplexSingle b) =>
        new((a.Real * b.Real) - (a.Imaginary * b.Imaginary), (a.Real * b.Imaginary) + (a.Imaginary * b.Real));

    public static ComplexSingle operator *(ComplexSingle a, float factor) => new(a.Real * factor, a.Imaginary * factor);

    /// <summary>a / b by the textbook formula: for values whose squared magnitude neither overflows nor vanishes.</summary>
    public static ComplexSingle operator /(ComplexSingle a, ComplexSingle b) => a * b.Conjugate() * (1f / b.SquaredMagnitude());
}
