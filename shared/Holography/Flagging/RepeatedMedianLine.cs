using Holoflow.Holography.Means;

namespace Holoflow.Holography.Flagging;

/// <summary>
/// A straight line through few samples by repeated medians (Siegel 1982): up to half of them may be outliers. What clips by the scatter of the samples themselves, as
/// the robust polynomial does, takes good ones for outliers where there are few.
/// </summary>
static class RepeatedMedianLine
{
    const int Few = ShortSpectrum.Few;

    /// <summary>Fits fewer good samples than those of a <see cref="ShortSpectrum"/>.</summary>
    /// <param name="values">[n], sampled at 0, 1, 2...</param>
    /// <param name="flagged">[n].</param>
    /// <param name="model">Receives the line at every sample, [n].</param>
    /// <returns>False, and no line, where no sample is good. Of one or two, the line is level.</returns>
    public static bool Fit(ReadOnlySpan<double> values, ReadOnlySpan<bool> flagged, Span<double> model)
    {
        Span<int> at = stackalloc int[Few];
        var n = 0;
        for (var i = 0; i < values.Length && n < Few; i++)
        {
            if (!flagged[i] && double.IsFinite(values[i])) at[n++] = i;
        }

        if (n == 0) return false;
        Span<double> slopes = stackalloc double[Few];
        Span<double> own = stackalloc double[Few];
        for (var i = 0; i < n; i++)
        {
            var count = 0;
            for (var j = 0; j < n; j++)
            {
                if (j != i) own[count++] = (values[at[j]] - values[at[i]]) / (at[j] - at[i]);
            }

            slopes[i] = RobustScale.Median(own[..count]);
        }

        var slope = n > 2 ? RobustScale.Median(slopes[..n]) : 0;
        for (var i = 0; i < n; i++) own[i] = values[at[i]] - (slope * at[i]);
        var height = RobustScale.Median(own[..n]);
        for (var i = 0; i < model.Length; i++) model[i] = height + (slope * i);
        return true;
    }
}
