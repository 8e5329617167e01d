using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.Domain.Schedules;

namespace Holoflow.Domain.Tests.Schedules;

public sealed class IntervalTests
{
    const double Hour = 3600;
    const double Day = 24 * Hour;

    [Theory]
    // Days stay at the same wall time across changes of clocks, hours stay the same elapsed time apart.
    [InlineData("Europe/Berlin", Day, "2024-01-01T06:00", "2024-03-29T12:00Z", "03-30T06:00+01:00 03-31T06:00+02:00 04-01T06:00+02:00")]
    [InlineData("Europe/Berlin", 7 * Day, "2024-01-01", "2024-10-20T12:00Z", "10-21T00:00+02:00 10-28T00:00+01:00")]
    [InlineData("Europe/Berlin", 1.5 * Day, "2024-03-30", "2024-03-29T00:00Z", "03-30T00:00+01:00 03-31T12:00+02:00 04-02T00:00+02:00")]
    [InlineData("Europe/Berlin", 12 * Hour, "2024-03-30T06:00", "2024-03-30T00:00Z", "03-30T06:00+01:00 03-30T18:00+01:00 03-31T07:00+02:00")]
    [InlineData("Europe/Berlin", Day, "2024-03-01T02:30", "2024-03-30T12:00Z", "03-31T03:00+02:00 04-01T02:30+02:00")]
    [InlineData("Europe/Berlin", Day, "2024-03-01T02:30", "2024-10-26T12:00Z", "10-27T02:30+02:00 10-28T02:30+01:00")]
    [InlineData("Europe/Berlin", Day, "2024-03-01T02:30", "2024-10-27T01:15Z", "10-28T02:30+01:00 10-29T02:30+01:00")]
    // The anchor sets the phase and may lie in the future; with an offset it is an instant.
    [InlineData("UTC", 3 * Hour, "2030-01-01T01:00", "2024-01-01T00:00Z", "01-01T01:00+00:00 01-01T04:00+00:00")]
    [InlineData("Australia/Perth", Day, "2024-01-01T00:00Z", "2024-01-01T00:00Z", "01-02T08:00+08:00 01-03T08:00+08:00")]
    public void NextAre(string zone, double seconds, string anchor, string after, string expected)
    {
        var schedule = Schedule.Parse(new ScheduleDefinition { IntervalSeconds = seconds, AnchorDate = anchor, TimeZone = zone });
        var times = expected.Split(' ');
        var found = schedule.Occurrences(DateTimeOffset.Parse(after)).Take(times.Length).Select(t => t.ToString("MM-dd'T'HH:mmzzz", CultureInfo.InvariantCulture));
        Assert.Equal(times, found);
    }

    [Fact]
    public void UnderADayFireTimesAreExactlyAnIntervalApart() => Check.QuickThrowOnFailure(Prop.ForAll(Cases(1, 86_399).ToArbitrary(), c =>
    {
        var times = c.Schedule.Occurrences(c.After).Take(5).ToArray();
        return times[0] > c.After && times[0] - c.After <= c.Schedule.Interval
            && (times[0] - c.Schedule.Anchor).Ticks % c.Schedule.Interval.Ticks == 0
            && times.Zip(times.Skip(1)).All(pair => pair.Second - pair.First == c.Schedule.Interval);
    }));

    [Fact]
    public void WholeDaysKeepTheWallTimeUnlessItDoesNotExist() => Check.QuickThrowOnFailure(Prop.ForAll(Cases(86_400, 30 * 86_400).ToArbitrary(), c =>
    {
        var (interval, clock) = (c.Schedule.Interval, c.Schedule.Clock);
        var anchor = clock.WallTimeAt(c.Schedule.Anchor);
        return c.Schedule.Occurrences(c.After).Take(5).All(time =>
            (clock.WallTimeAt(time) - anchor).Ticks % interval.Ticks == 0 || clock.WallTimeAt(time.AddTicks(-1)) < clock.WallTimeAt(time).AddTicks(-1));
    }));

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void RefusesIntervalsThatAreNone(double seconds)
    {
        var mistake = Assert.Single(Assert.Throws<InvalidScheduleException>(() => Schedule.Parse(new ScheduleDefinition { IntervalSeconds = seconds })).Mistakes);
        Assert.Equal("interval", mistake.Field);
        Assert.Contains("give 1 s to", mistake.Message, StringComparison.Ordinal);
    }

    static Gen<(IntervalSchedule Schedule, DateTimeOffset After)> Cases(int least, int most) =>
        from zone in Gen.Elements("Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Perth", "Australia/Lord_Howe")
        from seconds in Gen.Choose(least, most)
        from anchor in Gen.Choose(0, 1_900_000_000)
        from after in Gen.Choose(0, 1_900_000_000)
        select (new IntervalSchedule(TimeSpan.FromSeconds(seconds), DateTimeOffset.FromUnixTimeSeconds(anchor), new ZoneClock(TimeZoneInfo.FindSystemTimeZoneById(zone))),
            DateTimeOffset.FromUnixTimeSeconds(after));
}
