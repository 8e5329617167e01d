using System.Numerics;
using Holoflow.Holography.Means;
using Holoflow.Holography.Spectra;

namespace Holoflow.Holography.Flagging;

/// <summary>
/// Takes a smooth polynomial out of spectra by projection on an orthonormal basis, which costs two products a spectrum; only spectra with outliers or
/// flags go through the robust fit. Not for several threads at once.
/// </summary>
sealed class SmoothSpectrum
{
    const double OutlierLimit = 5;
    const double SpikeLimit = 8;
    const int ChannelsPerTerm = 3;
    const int GoodChannelsPerTerm = 6;
    readonly double[][] _basis;
    readonly RobustPolynomial?[] _robust;
    readonly double[] _x;
    readonly double[] _model;
    readonly double[] _scratch;
    readonly bool[] _used;

    public SmoothSpectrum(int channels, int order)
    {
        _x = [.. Enumerable.Range(0, channels).Select(c => (double)c)];
        order = Math.Min(order, channels / ChannelsPerTerm);
        _robust = new RobustPolynomial?[order + 1];
        (_model, _scratch, _used) = (new double[channels], new double[channels], new bool[channels]);
        _basis = new double[order + 1][];
        for (var k = 0; k <= order; k++)
        {
            // Multiplying the last function by x and orthogonalising twice keeps the basis orthonormal to rounding.
            _basis[k] = k == 0 ? Enumerable.Repeat(1.0, channels).ToArray() : [.. _basis[k - 1].Select((b, c) => b * ((2 * _x[c] / (channels - 1)) - 1))];
            for (var pass = 0; pass < 2; pass++)
            {
                for (var j = 0; j < k; j++) AddScaled(_basis[k], -Dot(_basis[j], _basis[k]), _basis[j]);
            }

            var norm = 1 / Math.Sqrt(Dot(_basis[k], _basis[k]));
            for (var c = 0; c < channels; c++) _basis[k][c] *= norm;
        }
    }

    /// <summary>
    /// Subtracts the smooth part in place; flagged channels are read as NaN and stay so. What is left is scaled to the scatter that it had before the fit took
    /// its share, which is much where flags leave few channels.
    /// </summary>
    public void Subtract(double[] line, ReadOnlySpan<bool> flagged)
    {
        var good = flagged.Count(false);
        var (terms, used) = good == line.Length && !HasSpikes(line) && Project(line) ? (_basis.Length, good) : Fit(line, flagged, good);
        // The scatter that n samples keep about a fit of k terms is sqrt((n - k) / n) of their own.
        var scale = used > terms ? Math.Sqrt((double)used / (used - terms)) : double.NaN;
        for (var c = 0; c < line.Length; c++) line[c] *= scale;
    }

    (int Terms, int Used) Fit(double[] line, ReadOnlySpan<bool> flagged, int good)
    {
        // As many terms as samples would leave nothing, and the noise would seem to be nothing.
        var order = Math.Min(_robust.Length - 1, good == line.Length ? _robust.Length - 1 : good / GoodChannelsPerTerm);
        var robust = _robust[order] ??= new(_x, new RobustPolynomialOptions { MaxOrder = order, SnrLimit = 4, MaxIterations = 5 });
        if (!robust.Fit(line, flagged, _model, _used)) return (0, 0);
        AddScaled(line, -1, _model);
        return (robust.Order + 1, _used.AsSpan().Count(true));
    }

    // Strong spikes in a short spectrum bend the projection until their own residuals pass for noise: they are looked for before it. A smooth line, however
    // steep, stays within a few scatters of its median.
    bool HasSpikes(double[] line)
    {
        line.CopyTo(_scratch, 0);
        var (median, scatter) = RobustScale.Measure(_scratch);
        var largest = 0.0;
        foreach (var value in line) largest = Math.Max(largest, Math.Abs(value - median));
        return !(largest <= SpikeLimit * scatter);
    }

    bool Project(double[] line)
    {
        Array.Clear(_model);
        foreach (var b in _basis) AddScaled(_model, Dot(b, line), b);
        var largest = 0.0;
        for (var c = 0; c < line.Length; c++)
        {
            _scratch[c] = Math.Abs(line[c] - _model[c]);
            largest = Math.Max(largest, _scratch[c]);
        }

        if (!(largest <= OutlierLimit * RobustScale.FromMedianDeviation * RobustScale.Median(_scratch))) return false;
        AddScaled(line, -1, _model);
        return true;
    }

    static double Dot(double[] x, double[] y)
    {
        var sum = Vector<double>.Zero;
        var k = 0;
        for (; k <= x.Length - Vector<double>.Count; k += Vector<double>.Count) sum += new Vector<double>(x, k) * new Vector<double>(y, k);
        var rest = Vector.Sum(sum);
        for (; k < x.Length; k++) rest += x[k] * y[k];
        return rest;
    }

    static void AddScaled(double[] x, double factor, double[] y)
    {
        var wide = new Vector<double>(factor);
        var k = 0;
        for (; k <= x.Length - Vector<double>.Count; k += Vector<double>.Count)
            (new Vector<double>(x, k) + (wide * new Vector<double>(y, k))).CopyTo(x, k);
        for (; k < x.Length; k++) x[k] += factor * y[k];
    }
}
