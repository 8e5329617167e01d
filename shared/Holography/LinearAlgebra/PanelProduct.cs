using System.Runtime.Intrinsics;

namespace Holoflow.Holography.LinearAlgebra;

/// <summary>
/// Dense matrix product C = W X for operands that are packed for it: W in strips of 12 rows [strips][depth][12], X in panels of 128 bytes
/// [panels][depth][32 floats or 16 doubles], C row-major. A strip times a panel is held in 24 vector registers (AVX-512), or in four
/// quarters of 12 registers (256-bit vectors), so that each element of X that is loaded is used 12 (6) times.
/// </summary>
static unsafe class PanelProduct
{
    /// <summary>Rows of a strip.</summary>
    public const int StripRows = 12;

    /// <summary>Columns of a panel of <typeparamref name="T"/>: 128 bytes.</summary>
    public static int PanelColumns<T>()
        where T : unmanaged => 128 / sizeof(T);

    /// <summary>Number of strips for a number of rows; the last is padded with zeros.</summary>
    public static int Strips(int rows) => (rows + StripRows - 1) / StripRows;

    /// <summary>Multiplies one strip of W by one panel of X into 12 rows of C.</summary>
    /// <param name="strip">[depth, 12].</param>
    /// <param name="panel">[depth, PanelColumns].</param>
    /// <param name="result">First element of the 12 x PanelColumns tile.</param>
    /// <param name="depth">Inner dimension.</param>
    /// <param name="resultStride">Elements from one row of C to the next.</param>
    /// <exception cref="ArgumentException">A span that is too short.</exception>
    public static void Multiply<T>(ReadOnlySpan<T> strip, ReadOnlySpan<T> panel, Span<T> result, int depth, int resultStride)
        where T : unmanaged
    {
        var columns = PanelColumns<T>();
        if (strip.Length < depth * StripRows || panel.Length < depth * columns || result.Length < (11 * resultStride) + columns)
            throw new ArgumentException("an operand is shorter than the product needs", nameof(strip));
        fixed (T* w = strip, x = panel, c = result)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                TwelveRows(w, x, c, depth, StripRows, columns, resultStride);
                return;
            }

            var half = columns / 2;
            for (var row = 0; row < StripRows; row += 6)
            {
                for (var column = 0; column < columns; column += half)
                    SixRows(w + row, x + column, c + (row * resultStride) + column, depth, StripRows, columns, resultStride);
            }
        }
    }

    static void TwelveRows<T>(T* w, T* x, T* c, nint depth, nint wStride, nint xStride, nint cStride)
        where T : unmanaged
    {
        nint width = Vector512<T>.Count;
        Vector512<T> a0 = Vector512<T>.Zero, b0 = Vector512<T>.Zero;
        Vector512<T> a1 = Vector512<T>.Zero, b1 = Vector512<T>.Zero;
        Vector512<T> a2 = Vector512<T>.Zero, b2 = Vector512<T>.Zero;
        Vector512<T> a3 = Vector512<T>.Zero, b3 = Vector512<T>.Zero;
        Vector512<T> a4 = Vector512<T>.Zero, b4 = Vector512<T>.Zero;
        Vector512<T> a5 = Vector512<T>.Zero, b5 = Vector512<T>.Zero;
        Vector512<T> a6 = Vector512<T>.Zero, b6 = Vector512<T>.Zero;
        Vector512<T> a7 = Vector512<T>.Zero, b7 = Vector512<T>.Zero;
        Vector512<T> a8 = Vector512<T>.Zero, b8 = Vector512<T>.Zero;
        Vector512<T> a9 = Vector512<T>.Zero, b9 = Vector512<T>.Zero;
        Vector512<T> a10 = Vector512<T>.Zero, b10 = Vector512<T>.Zero;
        Vector512<T> a11 = Vector512<T>.Zero, b11 = Vector512<T>.Zero;
        for (nint k = 0; k < depth; k++)
        {
            var left = Vector512.Load(x);
            var right = Vector512.Load(x + width);
            var w0 = Vector512.Create(w[0]);
            a0 = Fused(w0, left, a0);
            b0 = Fused(w0, right, b0);
            var w1 = Vector512.Create(w[1]);
            a1 = Fused(w1, left, a1);
            b1 = Fused(w1, right, b1);
            var w2 = Vector512.Create(w[2]);
            a2 = Fused(w2, left, a2);
            b2 = Fused(w2, right, b2);
            var w3 = Vector512.Create(w[3]);
            a3 = Fused(w3, left, a3);
            b3 = Fused(w3, right, b3);
            var w4 = Vector512.Create(w[4]);
            a4 = Fused(w4, left, a4);
            b4 = Fused(w4, right, b4);
            var w5 = Vector512.Create(w[5]);
            a5 = Fused(w5, left, a5);
            b5 = Fused(w5, right, b5);
            var w6 = Vector512.Create(w[6]);
            a6 = Fused(w6, left, a6);
            b6 = Fused(w6, right, b6);
            var w7 = Vector512.Create(w[7]);
            a7 = Fused(w7, left, a7);
            b7 = Fused(w7, right, b7);
            var w8 = Vector512.Create(w[8]);
            a8 = Fused(w8, left, a8);
            b8 = Fused(w8, right, b8);
            var w9 = Vector512.Create(w[9]);
            a9 = Fused(w9, left, a9);
            b9 = Fused(w9, right, b9);
            var w10 = Vector512.Create(w[10]);
            a10 = Fused(w10, left, a10);
            b10 = Fused(w10, right, b10);
            var w11 = Vector512.Create(w[11]);
            a11 = Fused(w11, left, a11);
            b11 = Fused(w11, right, b11);
            w += wStride;
            x += xStride;
        }

        a0.Store(c);
        b0.Store(c + width);
        a1.Store(c + (1 * cStride));
        b1.Store(c + (1 * cStride) + width);
        a2.Store(c + (2 * cStride));
        b2.Store(c + (2 * cStride) + width);
        a3.Store(c + (3 * cStride));
        b3.Store(c + (3 * cStride) + width);
        a4.Store(c + (4 * cStride));
        b4.Store(c + (4 * cStride) + width);
        a5.Store(c + (5 * cStride));
        b5.Store(c + (5 * cStride) + width);
        a6.Store(c + (6 * cStride));
        b6.Store(c + (6 * cStride) + width);
        a7.Store(c + (7 * cStride));
        b7.Store(c + (7 * cStride) + width);
        a8.Store(c + (8 * cStride));
        b8.Store(c + (8 * cStride) + width);
        a9.Store(c + (9 * cStride));
        b9.Store(c + (9 * cStride) + width);
        a10.Store(c + (10 * cStride));
        b10.Store(c + (10 * cStride) + width);
        a11.Store(c + (11 * cStride));
        b11.Store(c + (11 * cStride) + width);
    }

    static Vector512<T> Fused<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    static void SixRows<T>(T* w, T* x, T* c, nint depth, nint wStride, nint xStride, nint cStride)
        where T : unmanaged
    {
        nint width = Vector256<T>.Count;
        Vector256<T> a0 = Vector256<T>.Zero, b0 = Vector256<T>.Zero;
        Vector256<T> a1 = Vector256<T>.Zero, b1 = Vector256<T>.Zero;
        Vector256<T> a2 = Vector256<T>.Zero, b2 = Vector256<T>.Zero;
        Vector256<T> a3 = Vector256<T>.Zero, b3 = Vector256<T>.Zero;
        Vector256<T> a4 = Vector256<T>.Zero, b4 = Vector256<T>.Zero;
        Vector256<T> a5 = Vector256<T>.Zero, b5 = Vector256<T>.Zero;
        for (nint k = 0; k < depth; k++)
        {
            var left = Vector256.Load(x);
            var right = Vector256.Load(x + width);
            var w0 = Vector256.Create(w[0]);
            a0 = Fused(w0, left, a0);
            b0 = Fused(w0, right, b0);
            var w1 = Vector256.Create(w[1]);
            a1 = Fused(w1, left, a1);
            b1 = Fused(w1, right, b1);
            var w2 = Vector256.Create(w[2]);
            a2 = Fused(w2, left, a2);
            b2 = Fused(w2, right, b2);
            var w3 = Vector256.Create(w[3]);
            a3 = Fused(w3, left, a3);
            b3 = Fused(w3, right, b3);
            var w4 = Vector256.Create(w[4]);
            a4 = Fused(w4, left, a4);
            b4 = Fused(w4, right, b4);
            var w5 = Vector256.Create(w[5]);
            a5 = Fused(w5, left, a5);
            b5 = Fused(w5, right, b5);
            w += wStride;
            x += xStride;
        }

        a0.Store(c);
        b0.Store(c + width);
        a1.Store(c + (1 * cStride));
        b1.Store(c + (1 * cStride) + width);
        a2.Store(c + (2 * cStride));
        b2.Store(c + (2 * cStride) + width);
        a3.Store(c + (3 * cStride));
        b3.Store(c + (3 * cStride) + width);
        a4.Store(c + (4 * cStride));
        b4.Store(c + (4 * cStride) + width);
        a5.Store(c + (5 * cStride));
        b5.Store(c + (5 * cStride) + width);
    }

    static Vector256<T> Fused<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c) => typeof(T) == typeof(float)
        ? Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
}
