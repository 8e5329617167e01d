using System.Numerics;
using Holoflow.Holography.Regridding;

namespace Holoflow.Holography.Polarization;

/// <summary>
/// The block form of <see cref="JonesAlgebra"/>: normalisation, brightness and Stokes for 16 channels at a time, vectorised across channels.
/// HOLOGRAPHY eqs. 7 to 9.
/// </summary>
public static class StokesBlocks
{
    /// <summary>Floats a pixel of a Stokes block: [4][16].</summary>
    public const int Width = 4 * ChannelBlock.Lanes;

    /// <summary>
    /// Row scales of a block from its values at the nominal beam centre (eq. 7). Lanes whose centre cannot be normalised become invalid.
    /// </summary>
    /// <param name="centre">[8][16], voltage units.</param>
    /// <param name="valid">[16], read and narrowed.</param>
    /// <param name="scales">Receives the scales of the X and Y row by lane, [16]; zero where not valid.</param>
    public static void Normalise(ReadOnlySpan<float> centre, Span<bool> valid, Span<(Complex X, Complex Y)> scales)
    {
        for (var lane = 0; lane < ChannelBlock.Lanes; lane++)
        {
            scales[lane] = default;
            if (!valid[lane]) continue;
            if (JonesAlgebra.RowScales(At(centre, lane)) is { } found) scales[lane] = found;
            else valid[lane] = false;
        }
    }

    /// <summary>The matrix of one lane of a pixel.</summary>
    /// <param name="pixel">[8][16].</param>
    /// <param name="lane">Channel within the block.</param>
    public static Jones At(ReadOnlySpan<float> pixel, int lane)
    {
        const int step = ChannelBlock.Lanes;
        return new(
            new(pixel[lane], pixel[step + lane]), new(pixel[(2 * step) + lane], pixel[(3 * step) + lane]),
            new(pixel[(4 * step) + lane], pixel[(5 * step) + lane]), new(pixel[(6 * step) + lane], pixel[(7 * step) + lane]));
    }

    /// <summary>
    /// Stokes I, Q, U, V of b = S J (S J)^H / 2 with S the row scales; in units of the response at the beam centre.
    /// </summary>
    /// <param name="jones">[G][8][16].</param>
    /// <param name="scales">[16]; a zero scale gives zeros.</param>
    /// <param name="receptorAngle">rad.</param>
    /// <param name="stokes">Receives [G][4][16].</param>
    public static void Form(ReadOnlySpan<float> jones, ReadOnlySpan<(Complex X, Complex Y)> scales, double receptorAngle, Span<float> stokes)
    {
        const int lanes = ChannelBlock.Lanes;
        Span<float> factors = stackalloc float[4 * lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            var (x, y) = scales[lane];
            var cross = 0.5 * x * Complex.Conjugate(y);
            factors[lane] = (float)(0.5 * x * Complex.Conjugate(x)).Real;
            factors[lanes + lane] = (float)(0.5 * y * Complex.Conjugate(y)).Real;
            factors[(2 * lanes) + lane] = (float)cross.Real;
            factors[(3 * lanes) + lane] = (float)cross.Imaginary;
        }

        var (sine, cosine) = Math.SinCos(2 * receptorAngle);
        var (s, c) = (new Vector<float>((float)sine), new Vector<float>((float)cosine));
        var width = Vector<float>.Count;
        for (var start = 0; start < lanes; start += width)
        {
            var (fx, fy) = (new Vector<float>(factors[start..]), new Vector<float>(factors[(lanes + start)..]));
            var (cr, ci) = (new Vector<float>(factors[((2 * lanes) + start)..]), new Vector<float>(factors[((3 * lanes) + start)..]));
            var pixels = stokes.Length / Width;
            for (var g = 0; g < pixels; g++)
            {
                var j = jones.Slice(g * ChannelBlock.Width, ChannelBlock.Width);
                var (xxr, xxi) = (Load(j, 0, start), Load(j, 1, start));
                var (xyr, xyi) = (Load(j, 2, start), Load(j, 3, start));
                var (yxr, yxi) = (Load(j, 4, start), Load(j, 5, start));
                var (yyr, yyi) = (Load(j, 6, start), Load(j, 7, start));
                var bxx = fx * ((xxr * xxr) + (xxi * xxi) + (xyr * xyr) + (xyi * xyi));
                var byy = fy * ((yxr * yxr) + (yxi * yxi) + (yyr * yyr) + (yyi * yyi));
                var pr = (xxr * yxr) + (xxi * yxi) + (xyr * yyr) + (xyi * yyi);
                var pi = (xxi * yxr) - (xxr * yxi) + (xyi * yyr) - (xyr * yyi);
                var twiceReal = 2 * ((cr * pr) - (ci * pi));
                var twiceImaginary = 2 * ((cr * pi) + (ci * pr));
                var o = stokes.Slice(g * Width, Width);
                (bxx + byy).CopyTo(o[start..]);
                ((s * (bxx - byy)) + (c * twiceReal)).CopyTo(o[(lanes + start)..]);
                ((c * (byy - bxx)) + (s * twiceReal)).CopyTo(o[((2 * lanes) + start)..]);
                twiceImaginary.CopyTo(o[((3 * lanes) + start)..]);
            }
        }
    }

    static Vector<float> Load(ReadOnlySpan<float> pixel, int component, int start) => new(pixel[((component * ChannelBlock.Lanes) + start)..]);
}
