using System.Globalization;

namespace Holoflow.Cli.Input;

/// <summary>
/// Points in time as people type them: ISO 8601 with or without an offset (without: local time), a date alone (its start), a
/// time of day alone, <c>now</c>; or, where a time in the past is meant, a duration: <c>2h</c> is two hours ago.
/// </summary>
static class TimeText
{
    public const string Examples = "write 2026-11-22T10:00:00Z, 2026-11-22T10:00 (local time), 2026-11-22, 10:00 or now";

    static readonly string[] WithOffset = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];
    static readonly string[] Local = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd"];

    /// <summary>Reads a time that may lie ahead; a time of day alone is the next one.</summary>
    public static bool TryParseAhead(string text, TimeProvider clock, out DateTimeOffset time) =>
        TryParse(text, clock, ahead: true, out time);

    /// <summary>Reads a time that lies behind; a time of day alone is the last one, a duration is that long ago.</summary>
    public static bool TryParseBehind(string text, TimeProvider clock, out DateTimeOffset time)
    {
        if (TryParse(text, clock, ahead: false, out time))
            return true;
        if (!DurationText.TryParse(text, out var ago))
            return false;
        time = clock.GetUtcNow() - ago;
        return true;
    }

    static bool TryParse(string text, TimeProvider clock, bool ahead, out DateTimeOffset time)
    {
        var word = text.Trim().Replace(' ', 'T');
        var now = clock.GetUtcNow();
        time = now;
        if (word.Equals("now", StringComparison.OrdinalIgnoreCase))
            return true;
        var hasOffset = word.Contains('T') && word.AsSpan(word.IndexOf('T', StringComparison.Ordinal)).IndexOfAny('Z', '+', '-') > 0;
        if (hasOffset)
            return DateTimeOffset.TryParseExact(word, WithOffset, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time);
        if (DateTime.TryParseExact(word, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return TryToUtc(local, clock.LocalTimeZone, out time);
        if (!TimeOnly.TryParseExact(word, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var timeOfDay))
            return false;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, clock.LocalTimeZone).DateTime);
        return TryToUtc(today.ToDateTime(timeOfDay), clock.LocalTimeZone, out time)
            && ((ahead, time <= now) switch
            {
                (true, true) => TryToUtc(today.AddDays(1).ToDateTime(timeOfDay), clock.LocalTimeZone, out time),
                (false, false) => TryToUtc(today.AddDays(-1).ToDateTime(timeOfDay), clock.LocalTimeZone, out time),
                _ => true,
            });
    }

    // A local time that a clock change skips does not exist: it is refused, not moved.
    static bool TryToUtc(DateTime local, TimeZoneInfo zone, out DateTimeOffset time)
    {
        time = default;
        if (zone.IsInvalidTime(local))
            return false;
        time = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        return true;
    }
}
