using System.Numerics;

namespace Holoflow.Demo;

/// <summary>The two-dimensional Fourier transform of a square grid whose side is a power of two, in place.</summary>
static class Fourier
{
    /// <summary>From the aperture to the far field; unitary, so that noise keeps its size.</summary>
    public static void Forward(Complex[] grid, int side) => Transform(grid, side, -1);

    /// <summary>From the far field to the aperture; undoes <see cref="Forward"/>.</summary>
    public static void Inverse(Complex[] grid, int side) => Transform(grid, side, +1);

    static void Transform(Complex[] grid, int side, int sign)
    {
        var line = new Complex[side];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < side; i++)
            {
                for (var j = 0; j < side; j++)
                    line[j] = pass == 0 ? grid[(i * side) + j] : grid[(j * side) + i];
                Line(line, sign);
                for (var j = 0; j < side; j++)
                    grid[pass == 0 ? (i * side) + j : (j * side) + i] = line[j] / Math.Sqrt(side);
            }
        }
    }

    // Cooley and Tukey's, with bit-reversed order first.
    static void Line(Complex[] line, int sign)
    {
        for (int i = 1, j = 0; i < line.Length; i++)
        {
            var bit = line.Length >> 1;
            for (; (j & bit) != 0; bit >>= 1)
                j ^= bit;
            j ^= bit;
            if (i < j)
                (line[i], line[j]) = (line[j], line[i]);
        }
        for (var length = 2; length <= line.Length; length <<= 1)
        {
            var step = Complex.FromPolarCoordinates(1, sign * 2 * Math.PI / length);
            for (var start = 0; start < line.Length; start += length)
            {
                var turn = Complex.One;
                for (var k = start; k < start + (length / 2); k++)
                {
                    var (even, odd) = (line[k], line[k + (length / 2)] * turn);
                    (line[k], line[k + (length / 2)]) = (even + odd, even - odd);
                    turn *= step;
                }
            }
        }
    }
}
