using Holoflow.Holography.Means;

namespace Holoflow.Holography.Spectra;

/// <summary>A first guess at isolated outliers of a spectrum, from the differences of neighbouring samples. HOLOGRAPHY eq. 13 and defect 8.</summary>
static class SpikeRejection
{
    /// <summary>
    /// Clears <paramref name="used"/> where a sample differs from both of its used neighbours in the same sense by more than
    /// <paramref name="limit"/> robust sigma. The first and last used sample have one neighbour only and are never cleared.
    /// </summary>
    /// <param name="values">[n].</param>
    /// <param name="used">[n], narrowed.</param>
    /// <param name="limit">In robust sigma of the differences.</param>
    /// <param name="scratch">[n].</param>
    /// <param name="spikes">[n], overwritten.</param>
    public static void Reject(ReadOnlySpan<double> values, Span<bool> used, double limit, Span<double> scratch, Span<bool> spikes)
    {
        var (count, previous) = (0, -1);
        for (var i = 0; i < values.Length; i++)
        {
            if (!used[i]) continue;
            if (previous >= 0) scratch[count++] = Math.Abs(values[i] - values[previous]);
            previous = i;
        }

        if (count < 4) return;
        var threshold = limit * RobustScale.FromMedianDeviation * RobustScale.Median(scratch[..count]);
        if (!(threshold > 0)) return;
        spikes.Clear();
        var (before, middle) = (-1, -1);
        for (var i = 0; i < values.Length; i++)
        {
            if (!used[i]) continue;
            if (before >= 0)
            {
                var (left, right) = (values[middle] - values[before], values[middle] - values[i]);
                spikes[middle] = left * right > 0 && Math.Min(Math.Abs(left), Math.Abs(right)) > threshold;
            }

            (before, middle) = (middle, i);
        }

        for (var i = 0; i < values.Length; i++) used[i] &= !spikes[i];
    }
}
