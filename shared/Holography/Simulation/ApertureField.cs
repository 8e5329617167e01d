using System.Numerics;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Polarization;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Simulation;

/// <summary>
/// The field over a dish's aperture for the four products, on a square grid of cells about the axis, and its far field
/// J(s) = sum_k A(x_k) exp(-2 pi i x_k.s / lambda). Scott and Ryle 1977; Baars et al. 2007. Being a finite sum, it is exact wherever it is asked for.
/// </summary>
public sealed class ApertureField
{
    /// <summary>An empty field of <paramref name="side"/> x <paramref name="side"/> cells of <paramref name="spacing"/> m.</summary>
    /// <exception cref="ArgumentException">An even side or a spacing that is not positive.</exception>
    public ApertureField(int side, double spacing)
    {
        if (side < 1 || side % 2 == 0) throw new ArgumentException($"an aperture grid has an odd number of cells a side, not {side}", nameof(side));
        if (!(spacing > 0)) throw new ArgumentException($"cell spacing {spacing} m is not positive", nameof(spacing));
        (Side, Spacing) = (side, spacing);
        Cells = new Complex[Product.Count][];
        for (var p = 0; p < Cells.Length; p++) Cells[p] = new Complex[side * side];
    }

    /// <summary>Cells a side.</summary>
    public int Side { get; }

    /// <summary>Cell spacing, m.</summary>
    public double Spacing { get; }

    /// <summary>Field by product XX, XY, YX, YY, [4][y, x]; arbitrary linear unit.</summary>
    public Complex[][] Cells { get; }

    /// <summary>Coordinate of a column or row, m.</summary>
    public double Coordinate(int index) => (index - (Side / 2)) * Spacing;

    /// <summary>The far field at one offset, at one wavelength (m).</summary>
    public Jones At(SkyOffset offset, double wavelength)
    {
        var values = new Complex[Product.Count];
        At([offset], wavelength, values);
        return new(values[0], values[1], values[2], values[3]);
    }

    /// <summary>The far field at scattered offsets.</summary>
    /// <param name="offsets">[P], rad.</param>
    /// <param name="wavelength">m.</param>
    /// <param name="values">Receives [P, 4].</param>
    public void At(ReadOnlySpan<SkyOffset> offsets, double wavelength, Span<Complex> values)
    {
        var count = offsets.Length;
        var padded = (count + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        var (eastR, eastI) = (new double[Side * padded], new double[Side * padded]);
        var (northR, northI) = (new double[Side * padded], new double[Side * padded]);
        for (var p = 0; p < count; p++)
        {
            for (var k = 0; k < Side; k++)
            {
                (eastI[(k * padded) + p], eastR[(k * padded) + p]) = Math.SinCos(-2 * Math.PI * Coordinate(k) * offsets[p].L / wavelength);
                (northI[(k * padded) + p], northR[(k * padded) + p]) = Math.SinCos(-2 * Math.PI * Coordinate(k) * offsets[p].M / wavelength);
            }
        }

        var (rowR, rowI) = (new double[padded], new double[padded]);
        var (sumR, sumI) = (new double[padded], new double[padded]);
        for (var product = 0; product < Product.Count; product++)
        {
            Array.Clear(sumR);
            Array.Clear(sumI);
            for (var v = 0; v < Side; v++)
            {
                Array.Clear(rowR);
                Array.Clear(rowI);
                for (var u = 0; u < Side; u++)
                    MultiplyAdd(Cells[product][(v * Side) + u], eastR.AsSpan(u * padded, padded), eastI.AsSpan(u * padded, padded), rowR, rowI);
                for (var p = 0; p < count; p++)
                {
                    var (nr, ni) = (northR[(v * padded) + p], northI[(v * padded) + p]);
                    sumR[p] += (rowR[p] * nr) - (rowI[p] * ni);
                    sumI[p] += (rowR[p] * ni) + (rowI[p] * nr);
                }
            }

            for (var p = 0; p < count; p++) values[(p * Product.Count) + product] = new(sumR[p], sumI[p]);
        }
    }

    /// <summary>The far field on an output grid, seen through a pointing error.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="pointing">Where the antenna truly pointed less where it was told to, rad: J is evaluated at s - pointing.</param>
    /// <param name="wavelength">m.</param>
    /// <returns>By product, [4][y, x].</returns>
    public Complex[][] On(OutputGrid grid, SkyOffset pointing, double wavelength)
    {
        var n = grid.Pixels;
        var result = new Complex[Product.Count][];
        var (eastR, eastI) = (new double[Side * n], new double[Side * n]);
        for (var x = 0; x < n; x++)
        {
            for (var u = 0; u < Side; u++)
                (eastI[(u * n) + x], eastR[(u * n) + x]) = Math.SinCos(-2 * Math.PI * Coordinate(u) * (grid.L(x) - pointing.L) / wavelength);
        }

        for (var product = 0; product < Product.Count; product++)
        {
            var (rowsR, rowsI) = (new double[Side * n], new double[Side * n]);
            for (var v = 0; v < Side; v++)
            {
                for (var u = 0; u < Side; u++)
                    MultiplyAdd(Cells[product][(v * Side) + u], eastR.AsSpan(u * n, n), eastI.AsSpan(u * n, n), rowsR.AsSpan(v * n, n), rowsI.AsSpan(v * n, n));
            }

            result[product] = new Complex[n * n];
            var (lineR, lineI) = (new double[n], new double[n]);
            for (var y = 0; y < n; y++)
            {
                Array.Clear(lineR);
                Array.Clear(lineI);
                for (var v = 0; v < Side; v++)
                {
                    var phase = Complex.FromPolarCoordinates(1, -2 * Math.PI * Coordinate(v) * (grid.M(y) - pointing.M) / wavelength);
                    MultiplyAdd(phase, rowsR.AsSpan(v * n, n), rowsI.AsSpan(v * n, n), lineR, lineI);
                }

                for (var x = 0; x < n; x++) result[product][(y * n) + x] = new(lineR[x], lineI[x]);
            }
        }

        return result;
    }

    static void MultiplyAdd(Complex factor, ReadOnlySpan<double> real, ReadOnlySpan<double> imaginary, Span<double> toReal, Span<double> toImaginary)
    {
        if (factor == Complex.Zero) return;
        var (fr, fi) = (new Vector<double>(factor.Real), new Vector<double>(factor.Imaginary));
        var p = 0;
        for (; p <= real.Length - Vector<double>.Count; p += Vector<double>.Count)
        {
            var (r, i) = (new Vector<double>(real[p..]), new Vector<double>(imaginary[p..]));
            (new Vector<double>(toReal[p..]) + (fr * r) - (fi * i)).CopyTo(toReal[p..]);
            (new Vector<double>(toImaginary[p..]) + (fr * i) + (fi * r)).CopyTo(toImaginary[p..]);
        }

        for (; p < real.Length; p++)
        {
            toReal[p] += (factor.Real * real[p]) - (factor.Imaginary * imaginary[p]);
            toImaginary[p] += (factor.Real * imaginary[p]) + (factor.Imaginary * real[p]);
        }
    }
}
