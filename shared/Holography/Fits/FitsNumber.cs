using System.Globalization;

namespace Holoflow.Holography.Fits;

/// <summary>
/// Numbers in header cards as astropy writes them, which the real holography cubes follow: the shortest decimal that reads back the
/// same, plain between 1e-4 and 1e16, cut to the twenty columns of a fixed-format value.
/// </summary>
static class FitsNumber
{
    const int Width = 20, LargestPlainExponent = 16, SmallestPlainExponent = -4;

    public static string Format(double value)
    {
        if (!double.IsFinite(value))
            throw new FitsFormatException($"A header card cannot hold the number {value}.");
        string text = Shortest(value);
        if (text.Length <= Width)
            return text;
        int exponent = text.IndexOf('E', StringComparison.Ordinal);
        return exponent < 0 ? text[..Width] : text[..(Width - (text.Length - exponent))] + text[exponent..];
    }

    static string Shortest(double value)
    {
        if (value == 0)
            return double.IsNegative(value) ? "-0.0" : "0.0";
        // d.dddE+xxx with as many digits as the shortest round trip needs.
        string round = value.ToString("E16", CultureInfo.InvariantCulture);
        for (int digits = 0; digits <= 16; digits++)
        {
            string candidate = value.ToString($"E{digits}", CultureInfo.InvariantCulture);
            if (double.Parse(candidate, CultureInfo.InvariantCulture) == value)
            {
                round = candidate;
                break;
            }
        }
        int at = round.IndexOf('E', StringComparison.Ordinal);
        int exponent = int.Parse(round[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string sign = value < 0 ? "-" : "";
        string mantissa = round[..at].TrimStart('-').Replace(".", "", StringComparison.Ordinal);
        if (exponent is >= LargestPlainExponent or < SmallestPlainExponent)
        {
            string fraction = mantissa.Length > 1 ? $".{mantissa[1..]}" : "";
            return $"{sign}{mantissa[0]}{fraction}E{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{mantissa}";
        if (mantissa.Length <= exponent + 1)
            return $"{sign}{mantissa.PadRight(exponent + 1, '0')}.0";
        return $"{sign}{mantissa[..(exponent + 1)]}.{mantissa[(exponent + 1)..]}";
    }
}
