using System.Globalization;

namespace Holoflow.Holography.Pictures;

/// <summary>An axis of a panel, from its left or lower end to the other; from the larger value to the smaller for right ascension.</summary>
/// <param name="Label">What it shows, with its unit.</param>
/// <param name="Start">The value at the left or lower end.</param>
/// <param name="End">The value at the other end.</param>
public sealed record Axis(string Label, double Start, double End)
{
    /// <summary>Whether it counts things (beams, antennas), so that only whole numbers are marked.</summary>
    public bool IsCount { get; init; }

    /// <summary>An axis around all values with a little room; around 0 where there are none.</summary>
    public static Axis Around(string label, IEnumerable<double> values)
    {
        double low = double.MaxValue, high = double.MinValue;
        foreach (double value in values.Where(double.IsFinite))
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low > high)
            (low, high) = (-1, 1);
        double room = high > low ? 0.06 * (high - low) : Math.Max(1e-6, 0.06 * Math.Abs(high));
        return new Axis(label, low - room, high + room);
    }

    /// <summary>Round values between the ends, at most about <paramref name="count"/>, with their texts.</summary>
    internal IReadOnlyList<(double Value, string Text)> Ticks(int count)
    {
        double low = Math.Min(Start, End), high = Math.Max(Start, End), span = high - low;
        if (!(span > 0) || !double.IsFinite(span))
            return [];
        double raw = span / Math.Max(1, count), power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = power * (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        if (IsCount)
            step = Math.Max(1, step);
        var ticks = new List<(double, string)>();
        for (double k = Math.Ceiling((low / step) - 1e-9); k * step <= high + (1e-9 * step); k++)
            ticks.Add((k * step, Text(k * step, step)));
        return ticks;
    }

    internal double Fraction(double value) => (value - Start) / (End - Start);

    static string Text(double value, double step)
    {
        if (Math.Abs(value) < step * 1e-6)
            return "0";
        if (Math.Abs(value) >= 1e6 || step < 1e-5)
            return value.ToString("0.##E+0", CultureInfo.InvariantCulture);
        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(step) + 1e-9), 0, 8);
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }
}
