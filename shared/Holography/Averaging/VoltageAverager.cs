using System.Numerics;

namespace Holoflow.Holography.Averaging;

/// <summary>
/// Averages the rows that hold the reference antenna into voltages by raster point, one row at a time: memory is that of the result.
/// Orientation by eq. 2 and mean by eq. 3 of HOLOGRAPHY (Hamaker, Bregman and Sault 1996; Smirnov 2011; Hotan et al. 2016).
/// </summary>
public sealed class VoltageAverager
{
    readonly BeamVoltages _sums;
    readonly int _reference;
    bool _finished;

    /// <summary>An averager for one beam.</summary>
    /// <param name="antennas">Number of antennas, A.</param>
    /// <param name="reference">Number of the reference antenna; its own row of the result stays flagged.</param>
    /// <param name="points">Number of raster points, P.</param>
    /// <param name="channels">Number of channels, C.</param>
    /// <exception cref="ArgumentOutOfRangeException">A reference that is no antenna, or a dimension below 1.</exception>
    public VoltageAverager(int antennas, int reference, int points, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(reference);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(reference, antennas);
        _sums = new(antennas, points, channels);
        _reference = reference;
    }

    /// <summary>
    /// Adds one row. A row without the reference, or of the reference with itself, is passed over. Rows in which the reference comes
    /// first are turned target-first by the 2 x 2 conjugate transpose (eq. 2), flags and weights with them. Samples that are flagged or not
    /// finite, or have no positive weight, count for nothing (defect 2).
    /// </summary>
    /// <param name="antenna1">First antenna.</param>
    /// <param name="antenna2">Second antenna.</param>
    /// <param name="point">Raster point of the row's integration.</param>
    /// <param name="visibilities">[C, 4, (re, im)], Jy.</param>
    /// <param name="flags">[C, 4], true where bad.</param>
    /// <param name="weights">[4] or [C, 4].</param>
    /// <returns>Whether the row was one of the reference's.</returns>
    /// <exception cref="ArgumentException">A span of another length, or no such antenna or point.</exception>
    /// <exception cref="InvalidOperationException">The average has been taken already.</exception>
    public bool Add(
        int antenna1, int antenna2, int point, ReadOnlySpan<float> visibilities, ReadOnlySpan<bool> flags, ReadOnlySpan<float> weights)
    {
        if (_finished) throw new InvalidOperationException("the average has been taken; rows cannot be added any more");
        if (antenna1 == antenna2 || (antenna1 != _reference && antenna2 != _reference)) return false;
        var channels = _sums.Channels;
        var target = antenna1 == _reference ? antenna2 : antenna1;
        if (target < 0 || target >= _sums.Antennas) throw new ArgumentException($"antenna {target} is not one of 0 to {_sums.Antennas - 1}", nameof(antenna1));
        if (point < 0 || point >= _sums.Points) throw new ArgumentException($"raster point {point} is not one of 0 to {_sums.Points - 1}", nameof(point));
        if (visibilities.Length != channels * 8 || flags.Length != channels * 4 || (weights.Length != 4 && weights.Length != channels * 4))
            throw new ArgumentException($"a row of {channels} channels needs {channels * 8} floats, {channels * 4} flags and 4 or {channels * 4} weights", nameof(visibilities));
        var first = _sums.Index(point, 0);
        var values = _sums.Values[target].AsSpan(first * 8, channels * 8);
        var sums = _sums.Weights[target].AsSpan(first * 4, channels * 4);
        var transposed = antenna1 == _reference;
        var weightStep = weights.Length == 4 ? 0 : 4;
        var any = false;
        for (var c = 0; c < channels; c++)
        {
            for (var product = 0; product < Product.Count; product++)
            {
                var from = transposed ? Transposed(product) : product;
                var real = visibilities[(c * 8) + (2 * from)];
                var imaginary = visibilities[(c * 8) + (2 * from) + 1];
                var weight = weights[(c * weightStep) + from];
                if (flags[(c * 4) + from] || !float.IsFinite(real) || !float.IsFinite(imaginary) || !(weight > 0 && float.IsFinite(weight))) continue;
                var to = (c * 4) + product;
                values[2 * to] += weight * real;
                values[(2 * to) + 1] += transposed ? -weight * imaginary : weight * imaginary;
                sums[to] += weight;
                any = true;
            }
        }

        if (any) _sums.Hits[target][point]++;
        return true;
    }

    /// <summary>
    /// Takes the averages. A point and channel with no data in some product is flagged, never 0/0.
    /// </summary>
    /// <param name="referenceXyRatio">
    /// The reference's Y-to-X gain ratio as it enters the columns, conj(g_ry / g_rx), [C]; null assumes that the data are XY-phase calibrated
    /// (HOLOGRAPHY eq. 2), which the header must then say.
    /// </param>
    /// <returns>The voltages, [A][P, C, 4, 2].</returns>
    /// <exception cref="ArgumentException">A ratio of another length, or one that is zero or not finite.</exception>
    /// <exception cref="InvalidOperationException">The average has been taken already.</exception>
    public BeamVoltages Finish(IReadOnlyList<Complex>? referenceXyRatio = null)
    {
        if (_finished) throw new InvalidOperationException("the average has been taken already");
        if (referenceXyRatio is not null) CheckRatio(referenceXyRatio);
        _finished = true;
        for (var a = 0; a < _sums.Antennas; a++)
        {
            var (values, weights, flags) = (_sums.Values[a], _sums.Weights[a], _sums.Flags[a]);
            for (var sample = 0; sample < flags.Length; sample++)
            {
                var complete = true;
                for (var product = 4 * sample; product < (4 * sample) + 4; product++)
                {
                    if (weights[product] > 0)
                    {
                        values[2 * product] /= weights[product];
                        values[(2 * product) + 1] /= weights[product];
                    }
                    else
                    {
                        complete = false;
                    }
                }

                flags[sample] = !complete;
                if (referenceXyRatio is not null)
                {
                    Divide(values, (8 * sample) + (2 * Product.XY), referenceXyRatio[sample % _sums.Channels]);
                    Divide(values, (8 * sample) + (2 * Product.YY), referenceXyRatio[sample % _sums.Channels]);
                }
            }
        }

        return _sums;
    }

    static int Transposed(int product) => product switch { Product.XY => Product.YX, Product.YX => Product.XY, _ => product };

    static void Divide(float[] values, int at, Complex by)
    {
        var quotient = new Complex(values[at], values[at + 1]) / by;
        (values[at], values[at + 1]) = ((float)quotient.Real, (float)quotient.Imaginary);
    }

    void CheckRatio(IReadOnlyList<Complex> ratio)
    {
        if (ratio.Count != _sums.Channels)
            throw new ArgumentException($"referenceXyRatio has {ratio.Count} channels, the data {_sums.Channels}", nameof(ratio));
        for (var c = 0; c < ratio.Count; c++)
        {
            if (!Complex.IsFinite(ratio[c]) || ratio[c] == Complex.Zero)
                throw new ArgumentException($"referenceXyRatio of channel {c} is zero or not finite", nameof(ratio));
        }
    }
}
