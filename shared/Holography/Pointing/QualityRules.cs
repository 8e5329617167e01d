using Holoflow.Holography.Means;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Spectra;

namespace Holoflow.Holography.Pointing;

/// <summary>The rules of HOLOGRAPHY eq. 11 for one antenna's spectrum. Flags are never cleared again, not even if all are set (defect 11).</summary>
public static class QualityRules
{
    /// <summary>Sets the flags of one antenna across channels.</summary>
    /// <param name="spectrum">[C], with peaks, shifts and ratios filled in; flags are added.</param>
    /// <param name="frequencies">[C], Hz.</param>
    /// <param name="limits">The limits.</param>
    public static void Apply(Span<AntennaQuality> spectrum, ReadOnlySpan<double> frequencies, QualityLimits limits)
    {
        foreach (ref var q in spectrum)
        {
            if (q.Flags.HasFlag(QualityFlags.NoData)) continue;
            if (!(q.Peak >= limits.PeakMin && q.Peak <= limits.PeakMax)) q.Flags |= QualityFlags.Peak;
            if (!double.IsFinite(q.Shift.L + q.Shift.M)) q.Flags |= QualityFlags.NoFit;
            if (!(q.AmplitudeRatio >= limits.RatioMin && q.AmplitudeRatio <= limits.RatioMax)) q.Flags |= QualityFlags.AmplitudeRatio;
        }

        if (spectrum.Length < 4) return;
        FlagShifts(spectrum, frequencies, limits, o => o.L);
        FlagShifts(spectrum, frequencies, limits, o => o.M);
    }

    static void FlagShifts(Span<AntennaQuality> spectrum, ReadOnlySpan<double> frequencies, QualityLimits limits, Func<SkyOffset, double> component)
    {
        var n = spectrum.Length;
        var (values, flagged, model, used) = (new double[n], new bool[n], new double[n], new bool[n]);
        for (var c = 0; c < n; c++)
        {
            values[c] = component(spectrum[c].Shift);
            flagged[c] = spectrum[c].Flags != QualityFlags.None;
        }

        var fit = new RobustPolynomial(frequencies, new RobustPolynomialOptions { MaxOrder = Math.Min(limits.ShiftOrder, n - 2) });
        if (!fit.Fit(values, flagged, model, used)) return;
        var residuals = new List<double>(n);
        for (var c = 0; c < n; c++)
        {
            if (!flagged[c]) residuals.Add(values[c] - model[c]);
        }

        var limit = Math.Max(limits.ShiftRanges * RobustScale.InterquartileRange(residuals.ToArray()), limits.ShiftFloor);
        for (var c = 0; c < n; c++)
        {
            if (flagged[c]) continue;
            if (Math.Abs(values[c] - model[c]) > limit) spectrum[c].Flags |= QualityFlags.ShiftResidual;
            // A jump is judged against both neighbours; the ends have one only and are left to the polynomial (defect 8).
            if (c == 0 || c == n - 1 || flagged[c - 1] || flagged[c + 1]) continue;
            var (left, right) = (values[c] - values[c - 1], values[c] - values[c + 1]);
            if (left * right > 0 && Math.Min(Math.Abs(left), Math.Abs(right)) > 2 * limit) spectrum[c].Flags |= QualityFlags.ShiftJump;
        }
    }
}
