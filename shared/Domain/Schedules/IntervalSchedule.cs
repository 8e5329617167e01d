namespace Holoflow.Domain.Schedules;

/// <summary>
/// One run every so often, counted from an anchor both forwards and backwards (as Prefect does: the anchor sets the phase, not the start).
/// <list type="bullet">
/// <item>Intervals under 24 hours are elapsed time: always exactly so many seconds apart, whatever the clocks do.</item>
/// <item>Intervals of 24 hours and more are counted on the wall clock of the zone: a daily run stays at the same hour across a change of
/// clocks. Wall times that are missing or repeated follow <see cref="ZoneClock"/>.</item>
/// </list>
/// </summary>
public sealed class IntervalSchedule : Schedule
{
    internal static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    readonly DateTime _anchorWall;

    /// <exception cref="ArgumentOutOfRangeException">The interval is under a second or over 36,500 days.</exception>
    public IntervalSchedule(TimeSpan interval, DateTimeOffset anchor, ZoneClock clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, Shortest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, Longest);
        Interval = interval;
        Anchor = anchor;
        Clock = clock;
        _anchorWall = clock.WallTimeAt(anchor);
    }

    public TimeSpan Interval { get; }

    public DateTimeOffset Anchor { get; }

    public ZoneClock Clock { get; }

    public override DateTimeOffset? Next(DateTimeOffset after)
    {
        var utc = ZoneClock.Within(after);
        return Interval < TimeSpan.FromDays(1) ? NextElapsed(utc) : NextOnWallClock(utc);
    }

    DateTimeOffset? NextElapsed(DateTime after)
    {
        var next = StepAfter(Anchor.UtcDateTime, after);
        return next < ZoneClock.End ? Clock.In(next) : null;
    }

    DateTimeOffset? NextOnWallClock(DateTime after)
    {
        // In the second pass of a repeated hour the first step found means an instant already past: then the one after it is due.
        for (var wall = StepAfter(_anchorWall, after + Clock.OffsetAt(after)); wall < ZoneClock.End; wall += Interval)
        {
            var instant = Clock.InstantAt(wall);
            if (instant.UtcDateTime > after)
                return instant;
        }

        return null;
    }

    /// <summary>The first anchor + n × interval that is later than <paramref name="after"/>; <see cref="ZoneClock.End"/> where the calendar ends before.</summary>
    DateTime StepAfter(DateTime anchor, DateTime after)
    {
        var (steps, rest) = Math.DivRem(after.Ticks - anchor.Ticks, Interval.Ticks);
        if (rest < 0)
            steps--;
        var ticks = anchor.Ticks + ((steps + 1) * Interval.Ticks);
        return ticks < ZoneClock.End.Ticks ? new DateTime(ticks, anchor.Kind)
            : ZoneClock.End;
    }
}
