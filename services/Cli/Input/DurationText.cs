using System.Globalization;

namespace Holoflow.Cli.Input;

/// <summary>
/// Durations as people type them: a number of seconds (<c>90</c>, <c>1.5</c>), numbers with units (<c>90s</c>, <c>1h30m</c>,
/// <c>2d</c>, <c>1w</c>, <c>250ms</c>), <c>h:mm:ss</c>, or an ISO 8601 duration without months and years (<c>PT1H30M</c>).
/// </summary>
static class DurationText
{
    public const string Examples = "write seconds (90), units (1h30m, 2d, 250ms), h:mm:ss or ISO 8601 (PT90M)";

    static readonly TimeSpan Longest = TimeSpan.FromDays(36_525);

    /// <summary>Reads a duration that is not negative and at most a hundred years.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var word = text.Trim();
        var seconds = word switch
        {
            "" => null,
            _ when word.Contains(':') => Clock(word),
            ['P' or 'p', ..] => Iso(word),
            _ when Number(word) is { } plain => plain,
            _ => Units(word, UnitSeconds),
        };
        if (seconds is not { } value || value < 0 || value > Longest.TotalSeconds)
            return false;
        duration = TimeSpan.FromTicks((long)Math.Round(value * TimeSpan.TicksPerSecond));
        return true;
    }

    /// <summary>A duration for people: the two largest units.</summary>
    public static string Format(TimeSpan duration) => duration switch
    {
        { Ticks: < 0 } => "-" + Format(duration.Negate()),
        { TotalSeconds: < 1 } => $"{duration.TotalMilliseconds:0} ms",
        { TotalSeconds: < 60 } => $"{duration.TotalSeconds:0.0} s",
        { TotalMinutes: < 60 } => $"{duration.Minutes} min {duration.Seconds} s",
        { TotalHours: < 24 } => $"{duration.Hours} h {duration.Minutes} min",
        _ => $"{(int)duration.TotalDays} d {duration.Hours} h",
    };

    static double? Number(string word) =>
        double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    static double? Clock(string word)
    {
        var parts = word.Split(':');
        if (parts.Length != 3 || parts[1].Length != 2 || parts[2].Length < 2)
            return null;
        var (hours, minutes, seconds) = (Number(parts[0]), Number(parts[1]), Number(parts[2]));
        return minutes < 60 && seconds < 60 && !parts[0].Contains('.') && !parts[1].Contains('.') ? (hours * 3600) + (minutes * 60) + seconds : null;
    }

    static double? Iso(string word)
    {
        var (date, time) = word[1..].ToUpperInvariant().Split('T') switch
        {
            [var d] => (d, null),
            [var d, var t] => (d, t),
            _ => (null, null),
        };
        if (date is null || time == "" || (date == "" && time is null))
            return null;
        var days = date == "" ? 0 : Units(date, u => u is "W" ? 604_800 : u is "D" ? 86_400 : null);
        return days + (time is null ? 0 : Units(time, u => u is "H" ? 3600 : u is "M" ? 60 : u is "S" ? 1 : null));
    }

    static double? UnitSeconds(string unit) => unit.ToLowerInvariant() switch
    {
        "ms" => 0.001,
        "s" or "sec" => 1,
        "m" or "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 604_800,
        _ => null,
    };

    static double? Units(string word, Func<string, double?> secondsOf)
    {
        var sum = 0.0;
        var larger = double.PositiveInfinity;
        for (var i = 0; i < word.Length;)
        {
            var number = word[i..].TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
            var unit = word[(i + number)..].TakeWhile(char.IsAsciiLetter).Count();
            // Units go from large to small, each once, so that a slip of the keyboard (1m30m) is not summed up silently.
            if (number == 0 || unit == 0 || Number(word[i..(i + number)]) is not { } count
                || secondsOf(word[(i + number)..(i + number + unit)]) is not { } seconds || seconds >= larger)
                return null;
            larger = seconds;
            sum += count * seconds;
            i += number + unit;
            while (i < word.Length && word[i] == ' ')
                i++;
        }
        return sum;
    }
}
