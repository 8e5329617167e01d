namespace Holoflow.Holography.Flagging;

/// <summary>
/// Takes a straight line out of a spectrum of which flags leave few samples. The scatter of few samples says little of the noise, which is therefore given: outliers
/// are left out of the line one after another by it, and each residual is scaled by what the line takes of its own sample (Cook and Weisberg 1982, studentised residuals).
/// </summary>
static class ShortSpectrum
{
    /// <summary>Samples below which a spectrum is one of few.</summary>
    public const int Few = 16;

    const int Least = 4;
    const double OutlierLimit = 4;
    const double SmallestShare = 0.05;

    /// <summary>Subtracts the line in place. What cannot be judged becomes NaN: samples of a spectrum of fewer than four, and one that alone holds an end of the line.</summary>
    /// <param name="line">[C].</param>
    /// <param name="flagged">[C].</param>
    /// <param name="sigma">Standard deviation of a sample.</param>
    public static void Subtract(Span<double> line, ReadOnlySpan<bool> flagged, double sigma)
    {
        Span<int> at = stackalloc int[Few];
        var n = 0;
        for (var c = 0; c < line.Length; c++)
        {
            if (!flagged[c] && double.IsFinite(line[c])) at[n++] = c;
        }

        if (n < Least)
        {
            line.Fill(double.NaN);
            return;
        }

        Span<bool> kept = stackalloc bool[Few];
        kept[..n].Fill(true);
        var fit = Line.Through(line, at[..n], kept);
        for (var left = n; left > Math.Max(Least - 1, (n + 1) / 2) && Worst(line, at[..n], kept, fit, OutlierLimit * sigma) is >= 0 and var worst; left--)
        {
            kept[worst] = false;
            fit = Line.Through(line, at[..n], kept);
        }

        for (var i = 0; i < n; i++)
        {
            var share = kept[i] ? 1 - fit.Leverage(at[i]) : 1 + fit.Leverage(at[i]);
            line[at[i]] = share < SmallestShare ? double.NaN : (line[at[i]] - fit.At(at[i])) / Math.Sqrt(share);
        }
    }

    static int Worst(ReadOnlySpan<double> line, ReadOnlySpan<int> at, ReadOnlySpan<bool> kept, Line fit, double limit)
    {
        var (worst, largest) = (-1, limit);
        for (var i = 0; i < at.Length; i++)
        {
            if (!kept[i]) continue;
            var residual = Math.Abs(line[at[i]] - fit.At(at[i])) / Math.Sqrt(Math.Max(SmallestShare, 1 - fit.Leverage(at[i])));
            if (residual > largest) (worst, largest) = (i, residual);
        }

        return worst;
    }

    readonly record struct Line(int Count, double Middle, double Spread, double Height, double Slope)
    {
        public static Line Through(ReadOnlySpan<double> values, ReadOnlySpan<int> at, ReadOnlySpan<bool> kept)
        {
            var (n, x, y) = (0, 0.0, 0.0);
            for (var i = 0; i < at.Length; i++)
            {
                if (kept[i]) (n, x, y) = (n + 1, x + at[i], y + values[at[i]]);
            }

            (x, y) = (x / n, y / n);
            var (xx, xy) = (0.0, 0.0);
            for (var i = 0; i < at.Length; i++)
            {
                if (kept[i]) (xx, xy) = (xx + ((at[i] - x) * (at[i] - x)), xy + ((at[i] - x) * (values[at[i]] - y)));
            }

            return new(n, x, xx, y, xy / xx);
        }

        public double At(int channel) => Height + (Slope * (channel - Middle));

        public double Leverage(int channel) => (1.0 / Count) + ((channel - Middle) * (channel - Middle) / Spread);
    }
}
