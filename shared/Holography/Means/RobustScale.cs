namespace Holoflow.Holography.Means;

/// <summary>Order statistics of small sets without allocation.</summary>
static class RobustScale
{
    /// <summary>Factor from the median absolute deviation to the standard deviation of a normal distribution.</summary>
    public const double FromMedianDeviation = 1.482602218505602;

    /// <summary>The median; the span is reordered. NaN for an empty span.</summary>
    public static double Median(Span<double> values)
    {
        if (values.Length == 0) return double.NaN;
        values.Sort();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
    }

    /// <summary>Median and normal-consistent scatter (1.4826 MAD); the span is overwritten.</summary>
    public static (double Median, double Scatter) Measure(Span<double> values)
    {
        var median = Median(values);
        for (var k = 0; k < values.Length; k++) values[k] = Math.Abs(values[k] - median);
        return (median, FromMedianDeviation * Median(values));
    }

    /// <summary>Interquartile range with linear interpolation; the span is reordered. NaN for an empty span.</summary>
    public static double InterquartileRange(Span<double> values)
    {
        if (values.Length == 0) return double.NaN;
        values.Sort();
        return Quantile(values, 0.75) - Quantile(values, 0.25);
    }

    static double Quantile(ReadOnlySpan<double> sorted, double q)
    {
        var at = q * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? double.Lerp(sorted[below], sorted[below + 1], at - below) : sorted[below];
    }
}
