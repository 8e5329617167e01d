using Holoflow.Holography.LinearAlgebra;

namespace Holoflow.Holography.Spectra;

/// <summary>
/// Taylor terms of a cube in fractional frequency. HOLOGRAPHY eq. 16: w = (f - f0)/f0, H_ij = sum w^(i+j), t = H^-1 sum_k w_k^i P(f_k); true
/// channel frequencies, flagged channels left out.
/// </summary>
public sealed class TaylorTerms
{
    readonly double[] _matrix;

    /// <summary>Prepares the expansion.</summary>
    /// <param name="frequencies">[C], Hz.</param>
    /// <param name="flagged">[C], channels to leave out.</param>
    /// <param name="terms">1 to 5, fewer than the good channels.</param>
    /// <exception cref="ArgumentException">Terms out of range for the good channels, or lengths that differ.</exception>
    public TaylorTerms(ReadOnlySpan<double> frequencies, ReadOnlySpan<bool> flagged, int terms)
    {
        if (frequencies.Length != flagged.Length) throw new ArgumentException($"{frequencies.Length} frequencies but {flagged.Length} flags", nameof(flagged));
        var good = flagged.Count(false);
        if (terms is < 1 or > 5 || terms >= good)
            throw new ArgumentException($"taylorTerms must be 1 to 5 and below the number of good channels ({good}), not {terms}", nameof(terms));
        (Terms, Channels) = (terms, frequencies.Length);
        ReferenceFrequency = 0.5 * (frequencies[0] + frequencies[^1]);
        var normal = new double[terms * terms];
        var powers = new double[terms * Channels];
        for (var c = 0; c < Channels; c++)
        {
            if (flagged[c]) continue;
            var w = (frequencies[c] - ReferenceFrequency) / ReferenceFrequency;
            for (var i = 0; i < terms; i++) powers[(i * Channels) + c] = Math.Pow(w, i);
            for (var i = 0; i < terms; i++)
            {
                for (var j = 0; j < terms; j++) normal[(i * terms) + j] += Math.Pow(w, i + j);
            }
        }

        // The powers of w shrink fast: scaling rows and columns keeps the pivots comparable.
        var scale = new double[terms];
        for (var i = 0; i < terms; i++) scale[i] = 1 / Math.Sqrt(normal[(i * terms) + i]);
        for (var i = 0; i < normal.Length; i++) normal[i] *= scale[i / terms] * scale[i % terms];
        var inverse = RealInverse.Of(normal, terms) ?? throw new ArgumentException("the channels do not determine the Taylor terms", nameof(frequencies));
        _matrix = new double[terms * Channels];
        for (var i = 0; i < terms; i++)
        {
            for (var j = 0; j < terms; j++)
            {
                for (var c = 0; c < Channels; c++)
                    _matrix[(i * Channels) + c] += scale[i] * inverse[(i * terms) + j] * scale[j] * powers[(j * Channels) + c];
            }
        }
    }

    /// <summary>Number of terms.</summary>
    public int Terms { get; }

    /// <summary>Number of channels.</summary>
    public int Channels { get; }

    /// <summary>f0, the middle of the band, Hz: RESTFRQ of the product.</summary>
    public double ReferenceFrequency { get; }

    /// <summary>Expands a cube of one Stokes parameter.</summary>
    /// <param name="cube">[C][pixels]; flagged channels are not read.</param>
    /// <param name="pixels">Pixels a plane.</param>
    /// <param name="result">Receives [terms][pixels] in the cube's unit.</param>
    /// <exception cref="ArgumentException">Spans of another length.</exception>
    public void Expand(ReadOnlySpan<float> cube, int pixels, Span<float> result)
    {
        if (cube.Length != Channels * pixels || result.Length != Terms * pixels)
            throw new ArgumentException($"a cube of {Channels} planes of {pixels} pixels gives {Terms} planes", nameof(cube));
        var sums = new double[pixels];
        for (var i = 0; i < Terms; i++)
        {
            Array.Clear(sums);
            for (var c = 0; c < Channels; c++)
            {
                var weight = _matrix[(i * Channels) + c];
                if (weight == 0) continue;
                var plane = cube.Slice(c * pixels, pixels);
                for (var p = 0; p < pixels; p++) sums[p] += weight * plane[p];
            }

            for (var p = 0; p < pixels; p++) result[(i * pixels) + p] = (float)sums[p];
        }
    }
}
