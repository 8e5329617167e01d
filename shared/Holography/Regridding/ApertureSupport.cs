using System.Numerics;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Regridding;

/// <summary>
/// The cells of an aperture that may carry field: a regular grid within a circle, and the transforms between their field and the far field.
/// Scott and Ryle 1977; HOLOGRAPHY eq. 6(b).
/// </summary>
sealed class ApertureSupport
{
    readonly double _cell;
    readonly int _reach;
    readonly (int U, int V)[] _cells;

    /// <summary>Cells of <paramref name="cell"/> m whose centres lie within <paramref name="radius"/> m.</summary>
    public ApertureSupport(double cell, double radius)
    {
        _cell = cell;
        _reach = (int)(radius / cell);
        var cells = new List<(int, int)>();
        for (var v = -_reach; v <= _reach; v++)
        {
            for (var u = -_reach; u <= _reach; u++)
            {
                if (((u * u) + (v * v)) * cell * cell <= radius * radius) cells.Add((u, v));
            }
        }

        _cells = [.. cells];
    }

    /// <summary>Number of cells.</summary>
    public int Count => _cells.Length;

    /// <summary>
    /// The normal matrix A^H A of samples at the given offsets: its elements depend on the difference of two cells alone, so only (4 reach + 1)² sums
    /// are taken. [Count, Count], the lower triangle.
    /// </summary>
    public (double[] Real, double[] Imaginary) Gram(SkyOffset[] offsets, double wavelength)
    {
        var side = (4 * _reach) + 1;
        var sums = new Complex[side * side];
        var (east, north) = (new Complex[side], new Complex[side]);
        foreach (var o in offsets)
        {
            Phases(east, 2 * Math.PI * _cell * o.L / wavelength);
            Phases(north, 2 * Math.PI * _cell * o.M / wavelength);
            // The matrix is Hermitian: half of the differences suffice.
            for (var v = 2 * _reach; v < side; v++)
            {
                for (var u = 0; u < side; u++) sums[(v * side) + u] += north[v] * east[u];
            }
        }

        var (real, imaginary) = (new double[Count * Count], new double[Count * Count]);
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var (du, dv) = (_cells[i].U - _cells[j].U, _cells[i].V - _cells[j].V);
                var sum = dv >= 0
                    ? sums[((dv + (2 * _reach)) * side) + du + (2 * _reach)]
                    : Complex.Conjugate(sums[(((2 * _reach) - dv) * side) + (2 * _reach) - du]);
                (real[(i * Count) + j], imaginary[(i * Count) + j]) = (sum.Real, sum.Imaginary);
            }
        }

        return (real, imaginary);
    }

    /// <summary>A^H E: the samples' correlation with every cell, [Count].</summary>
    public Complex[] Adjoint(int[] points, SkyOffset[] offsets, double wavelength, Complex[] samples)
    {
        var field = new Complex[Count];
        var (east, north) = (new Complex[(2 * _reach) + 1], new Complex[(2 * _reach) + 1]);
        for (var i = 0; i < points.Length; i++)
        {
            Phases(east, 2 * Math.PI * _cell * offsets[points[i]].L / wavelength);
            Phases(north, 2 * Math.PI * _cell * offsets[points[i]].M / wavelength);
            for (var v = 0; v < north.Length; v++) north[v] *= samples[i];
            for (var k = 0; k < field.Length; k++) field[k] += north[_cells[k].V + _reach] * east[_cells[k].U + _reach];
        }

        return field;
    }

    /// <summary>
    /// E on the output grid, one axis after the other; real parts to every <see cref="ChannelBlock.Width"/>th float, imaginary parts
    /// <see cref="ChannelBlock.Lanes"/> further.
    /// </summary>
    public void Evaluate(Complex[] field, OutputGrid grid, double wavelength, Span<float> result)
    {
        var side = (2 * _reach) + 1;
        var pixels = grid.Pixels;
        var (real, imaginary) = (new float[side * pixels], new float[side * pixels]);
        var phases = new Complex[side];
        for (var x = 0; x < pixels; x++)
        {
            Phases(phases, -2 * Math.PI * _cell * grid.L(x) / wavelength);
            for (var k = 0; k < field.Length; k++)
            {
                var term = field[k] * phases[_cells[k].U + _reach];
                var at = ((_cells[k].V + _reach) * pixels) + x;
                real[at] += (float)term.Real;
                imaginary[at] += (float)term.Imaginary;
            }
        }

        var (rowReal, rowImaginary) = (new float[pixels], new float[pixels]);
        for (var y = 0; y < pixels; y++)
        {
            Phases(phases, -2 * Math.PI * _cell * grid.M(y) / wavelength);
            Array.Clear(rowReal);
            Array.Clear(rowImaginary);
            for (var v = 0; v < side; v++)
                Accumulate(phases[v], real.AsSpan(v * pixels, pixels), imaginary.AsSpan(v * pixels, pixels), rowReal, rowImaginary);
            for (var x = 0; x < pixels; x++)
            {
                var at = ((y * pixels) + x) * ChannelBlock.Width;
                result[at] = rowReal[x];
                result[at + ChannelBlock.Lanes] = rowImaginary[x];
            }
        }
    }

    static void Accumulate(Complex factor, ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, Span<float> toReal, Span<float> toImaginary)
    {
        var (fr, fi) = ((float)factor.Real, (float)factor.Imaginary);
        var (wideR, wideI) = (new Vector<float>(fr), new Vector<float>(fi));
        var x = 0;
        for (; x <= real.Length - Vector<float>.Count; x += Vector<float>.Count)
        {
            var (r, i) = (new Vector<float>(real[x..]), new Vector<float>(imaginary[x..]));
            (new Vector<float>(toReal[x..]) + (wideR * r) - (wideI * i)).CopyTo(toReal[x..]);
            (new Vector<float>(toImaginary[x..]) + (wideR * i) + (wideI * r)).CopyTo(toImaginary[x..]);
        }

        for (; x < real.Length; x++)
        {
            toReal[x] += (fr * real[x]) - (fi * imaginary[x]);
            toImaginary[x] += (fr * imaginary[x]) + (fi * real[x]);
        }
    }

    static void Phases(Complex[] phases, double step)
    {
        var middle = phases.Length / 2;
        var turn = Complex.FromPolarCoordinates(1, step);
        phases[middle] = Complex.One;
        for (var k = 1; k <= middle; k++)
        {
            phases[middle + k] = phases[middle + k - 1] * turn;
            phases[middle - k] = Complex.Conjugate(phases[middle + k]);
        }
    }
}
