using System.Globalization;
using System.Text.RegularExpressions;

namespace Holoflow.HolographyFlow.Observations;

/// <summary>
/// Reads the polarisation axis as the scheduling system writes it. The sign is part of the number: the pipeline that this replaces kept
/// only its digits and lost the minus of -45 (defect 7).
/// </summary>
static partial class PolarizationAxisText
{
    /// <summary>The angle in degrees of texts such as <c>-45</c>, <c>-45.0 deg</c> or <c>[pa_fixed, -45.0]</c>.</summary>
    public static bool TryRead(string text, out double degrees)
    {
        degrees = double.NaN;
        var match = Form().Match(text);
        return match.Success && double.TryParse(match.Groups["angle"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out degrees);
    }

    [GeneratedRegex(@"^\s*(\[\s*[A-Za-z_]+\s*,)?\s*(?<angle>[+-]?\d+(\.\d*)?([eE][+-]?\d+)?)\s*(deg)?\s*\]?\s*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
