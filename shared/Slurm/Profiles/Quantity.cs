using System.Globalization;
using System.Text.RegularExpressions;

namespace Holoflow.Slurm.Profiles;

/// <summary>Sizes and times as people write them in profiles.</summary>
static partial class Quantity
{
    static readonly Dictionary<string, double> Bytes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["B"] = 1, ["KB"] = 1e3, ["MB"] = 1e6, ["GB"] = 1e9, ["TB"] = 1e12, ["KiB"] = 1024, ["MiB"] = 1024d * 1024, ["GiB"] = 1024d * 1024 * 1024, ["TiB"] = 1024d * 1024 * 1024 * 1024,
        // Slurm's own letters are powers of 1024.
        ["K"] = 1024, ["M"] = 1024d * 1024, ["G"] = 1024d * 1024 * 1024, ["T"] = 1024d * 1024 * 1024 * 1024,
    };

    /// <summary>A size with its unit, rounded up to whole MiB; null where it is none.</summary>
    public static long? MiB(string text) =>
        Size().Match(text) is { Success: true } match && double.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && Bytes.TryGetValue(match.Groups["unit"].Value, out var unit) && number * unit is > 0 and < 1e18 and var bytes
            ? (long)Math.Ceiling(bytes / Bytes["MiB"])
            : null;

    /// <summary>A time as Slurm reads it: minutes, minutes:seconds, hours:minutes:seconds, or days-hours[:minutes[:seconds]]; null where it is none.</summary>
    public static TimeSpan? Time(string text)
    {
        if (Clock().Match(text) is not { Success: true } match)
            return null;
        var parts = match.Groups["clock"].Value.Split(':').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToList();
        var days = match.Groups["days"] is { Success: true } group ? long.Parse(group.Value, CultureInfo.InvariantCulture) : (long?)null;
        var seconds = (days, parts) switch
        {
            (null, [var m]) => m * 60,
            (null, [var m, var s]) => m * 60 + s,
            (_, [var h]) => h * 3600,
            (_, [var h, var m]) => h * 3600 + m * 60,
            (_, [var h, var m, var s]) => h * 3600 + m * 60 + s,
            _ => 0,
        };
        return seconds + (days ?? 0) * 86400 is > 0 and var whole ? TimeSpan.FromSeconds(whole) : null;
    }

    /// <summary>A time as a profile writes it.</summary>
    public static string Text(TimeSpan time) => time.Days > 0 ? $"{time.Days}-{time.Hours:00}:{time.Minutes:00}:{time.Seconds:00}" : $"{time.Hours:00}:{time.Minutes:00}:{time.Seconds:00}";

    [GeneratedRegex(@"\A\s*(?<number>[0-9]{1,15}(\.[0-9]{1,6})?)\s*(?<unit>[A-Za-z]{1,3})\s*\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Size();

    [GeneratedRegex(@"\A((?<days>[0-9]{1,4})-)?(?<clock>[0-9]{1,6}(:[0-9]{1,2}){0,2})\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Clock();
}
