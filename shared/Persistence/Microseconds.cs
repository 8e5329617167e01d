namespace Holoflow.Persistence;

/// <summary>Instants as the database keeps them: microseconds since 1970-01-01 UTC, rounded down.</summary>
public static class Microseconds
{
    /// <summary>The instant in microseconds.</summary>
    public static long Of(DateTimeOffset instant) =>
        Math.DivRem(instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond) is var (whole, rest) && rest < 0 ? whole - 1 : whole;

    /// <summary>The instant in microseconds; null where there is none.</summary>
    public static long? Of(DateTimeOffset? instant) => instant is { } at ? Of(at) : null;

    /// <summary>The instant that <paramref name="microseconds"/> stand for, in UTC.</summary>
    public static DateTimeOffset ToInstant(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>The instant cut to what the database can keep, so that what was decided equals what is read again.</summary>
    public static DateTimeOffset Cut(DateTimeOffset instant) => ToInstant(Of(instant));
}
