using System.Diagnostics.CodeAnalysis;

namespace Holoflow.Domain.Schedules;

/// <summary>
/// The wall clock of one time zone, and the product's one answer to what a wall time means on the days when clocks change:
/// <list type="bullet">
/// <item>a wall time that does not exist (clocks went forward over it) means the first instant after the gap;</item>
/// <item>a wall time that exists twice (clocks went back) means its first occurrence.</item>
/// </list>
/// So later wall times never mean earlier instants. A zone is taken to change its offset at most once in two days.
/// </summary>
public sealed class ZoneClock
{
    /// <summary>Wall times from here on are not looked at: no schedule fires beyond.</summary>
    internal static readonly DateTime End = new(9998, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    /// <summary>No zone is further than this from UTC.</summary>
    static readonly TimeSpan WidestOffset = TimeSpan.FromHours(16);

    static readonly DateTime Beginning = new(1, 1, 5, 0, 0, 0, DateTimeKind.Utc);

    public ZoneClock(TimeZoneInfo zone) => Zone = zone;

    public static ZoneClock Utc { get; } = new(TimeZoneInfo.Utc);

    public TimeZoneInfo Zone { get; }

    /// <summary>Finds a zone by its IANA name; <paramref name="mistake"/> says what to do where there is none.</summary>
    public static bool TryFind(string id, [NotNullWhen(true)] out ZoneClock? clock, [NotNullWhen(false)] out string? mistake)
    {
        if (IsZoneName(id) && TryLoad(id) is { } zone)
        {
            (clock, mistake) = (new ZoneClock(zone), null);
            return true;
        }

        clock = null;
        mistake = TryLoad("Europe/Berlin") is null
            ? $"time zone '{id}' cannot be looked up: this machine has no time-zone data; install the package tzdata"
            : $"time zone '{id}' is not known; use an IANA name such as UTC, Europe/Berlin or Australia/Perth (capitals matter)";
        return false;
    }

    /// <summary>The wall time at <paramref name="instant"/>.</summary>
    public DateTime WallTimeAt(DateTimeOffset instant) => Unspecified(instant.UtcDateTime + OffsetAt(instant.UtcDateTime));

    /// <summary>The same instant, written with the zone's offset.</summary>
    public DateTimeOffset In(DateTime utc)
    {
        var offset = OffsetAt(utc);
        return new DateTimeOffset(Unspecified(utc + offset), offset);
    }

    /// <summary>The instant that <paramref name="wall"/> means, by the two rules above.</summary>
    public DateTimeOffset InstantAt(DateTime wall)
    {
        var utc = DateTime.SpecifyKind(wall, DateTimeKind.Utc);
        var before = OffsetAt(utc - WidestOffset);
        var after = OffsetAt(utc + WidestOffset);

        // With the offset before a change tried first, a repeated wall time is met at its first occurrence.
        if (OffsetAt(utc - before) == before)
            return new DateTimeOffset(Unspecified(wall), before);
        if (OffsetAt(utc - after) == after)
            return new DateTimeOffset(Unspecified(wall), after);
        return In(NextOffsetChange(utc - WidestOffset, utc + WidestOffset)!.Value);
    }

    internal TimeSpan OffsetAt(DateTime utc) => Zone.GetUtcOffset(utc);

    /// <summary>The first instant with another offset than at <paramref name="utc"/>, if there is one up to <paramref name="through"/>.</summary>
    internal DateTime? NextOffsetChange(DateTime utc, DateTime through)
    {
        var offset = OffsetAt(utc);
        if (OffsetAt(through) == offset)
            return null;

        // Offsets change on whole seconds.
        var (low, high) = (utc.Ticks / TimeSpan.TicksPerSecond, (through.Ticks / TimeSpan.TicksPerSecond) + 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (OffsetAt(new DateTime(middle * TimeSpan.TicksPerSecond, DateTimeKind.Utc)) == offset)
                low = middle;
            else
                high = middle;
        }

        return new DateTime(high * TimeSpan.TicksPerSecond, DateTimeKind.Utc);
    }

    /// <summary><paramref name="after"/> in UTC, moved away from the ends of the calendar so that arithmetic with offsets cannot overflow.</summary>
    internal static DateTime Within(DateTimeOffset after)
    {
        var utc = after.UtcDateTime;
        var end = DateTime.SpecifyKind(End, DateTimeKind.Utc);
        return utc < Beginning ? Beginning : utc > end ? end : utc;
    }

    static DateTime Unspecified(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Unspecified);

    // The runtime looks a zone up as a file: only what can be a zone's name may get there.
    static bool IsZoneName(string id) =>
        id.Length is > 0 and <= 64 && char.IsAsciiLetter(id[0])
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');

    static TimeZoneInfo? TryLoad(string id)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(id);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }
}
