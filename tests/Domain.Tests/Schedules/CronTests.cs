using System.Globalization;
using Holoflow.Domain.Schedules;
using Holoflow.Domain.Schedules.Cron;

namespace Holoflow.Domain.Tests.Schedules;

public sealed class CronTests
{
    [Theory]
    [InlineData("*/15 * * * *", "2024-01-01T00:07Z", "2024-01-01T00:15Z")]
    [InlineData("0 0 * * *", "2024-01-01T00:00Z", "2024-01-02T00:00Z")]
    [InlineData("@hourly", "2024-01-01T00:00:00.0000001Z", "2024-01-01T01:00Z")]
    [InlineData("@Weekly", "2024-01-01T00:00Z", "2024-01-07T00:00Z")]
    [InlineData("@yearly", "2024-01-01T00:00Z", "2025-01-01T00:00Z")]
    [InlineData("0 0 29 2 *", "2024-03-01T00:00Z", "2028-02-29T00:00Z")]
    [InlineData("0 0 29 2 *", "2096-03-01T00:00Z", "2104-02-29T00:00Z")]
    [InlineData("0 12 L * *", "2023-02-01T00:00Z", "2023-02-28T12:00Z")]
    [InlineData("0 12 ? * MON-FRI", "2024-01-05T13:00Z", "2024-01-08T12:00Z")]
    [InlineData("0 0 * * FRI#2", "2024-03-01T00:00Z", "2024-03-08T00:00Z")]
    [InlineData("0 0 * * LFRI", "2024-03-01T00:00Z", "2024-03-29T00:00Z")]
    [InlineData("0 0 * * L5", "2024-03-01T00:00Z", "2024-03-29T00:00Z")]
    [InlineData("0 0 * * 7", "2024-03-01T00:00Z", "2024-03-03T00:00Z")]
    [InlineData("0 0 * * FRI-SUN", "2024-03-02T00:00Z", "2024-03-03T00:00Z")]
    [InlineData("0 0 13 * FRI", "2024-03-01T00:00Z", "2024-03-08T00:00Z")]
    [InlineData("5/20 6 * * *", "2024-01-01T06:25Z", "2024-01-01T06:45Z")]
    [InlineData("0 0 25-L 2 *", "2023-02-27T01:00Z", "2023-02-28T00:00Z")]
    [InlineData("0 0 * 2 MON#5", "2024-01-01T00:00Z", "2044-02-29T00:00Z")]
    public void NextIs(string text, string after, string expected) =>
        Assert.Equal(Instant(expected), CronExpression.Parse(text).Next(Instant(after), ZoneClock.Utc));

    [Fact]
    public void BothDayFieldsMustMatchWithDayOrOff() =>
        Assert.Equal(Instant("2024-09-13T00:00Z"), CronExpression.Parse("0 0 13 * FRI", dayOr: false).Next(Instant("2024-03-01T00:00Z"), ZoneClock.Utc));

    [Theory]
    [InlineData("61 * * * *", "the minute field '61' has 61, outside 0-59")]
    [InlineData("* 24 * * *", "the hour field '24' has 24, outside 0-23")]
    [InlineData("* * 0 * *", "the day-of-month field '0' has 0, outside 1-31")]
    [InlineData("* * * 13 *", "the month field '13' has 13, outside 1-12 or JAN-DEC")]
    [InlineData("* * * * 8", "the day-of-week field '8' has 8, outside 0-7 or SUN-SAT")]
    [InlineData("* * * JANUARY *", "the month field 'JANUARY' has 'JANUARY', which is not one of 1-12 or JAN-DEC")]
    [InlineData("* * * * MO", "the day-of-week field 'MO' has 'MO'")]
    [InlineData("*/0 * * * *", "a step is a number from 1 to 60")]
    [InlineData("*/90 * * * *", "the step 90, longer than the field (0-59)")]
    [InlineData("1,,2 * * * *", "the minute field '1,,2' has an empty item")]
    [InlineData("-5 * * * *", "the minute field '-5' has ''")]
    [InlineData("? * * * *", "which only the day-of-month and day-of-week fields may hold")]
    [InlineData("* 22-4 * * *", "runs backwards; write it as two: 22-23,0-4")]
    [InlineData("* * * * FRI#6", "after '#' goes which one of the month, 1 to 5")]
    [InlineData("* * * * FRI#", "after '#' goes which one of the month, 1 to 5")]
    [InlineData("99999999999999999999 * * * *", "the minute field '99999999999999999999' has")]
    [InlineData("1.5 * * * *", "the minute field '1.5' has '1.5'")]
    [InlineData("* * * *", "has 4 fields; write five: minute hour day-of-month month day-of-week")]
    [InlineData("0 * * * * *", "has 6 fields; write five: minute hour day-of-month month day-of-week; fields for seconds or years are not supported")]
    [InlineData("", "'' has 0 fields")]
    [InlineData("@reboot", "'@reboot' is not an alias; use one of @hourly")]
    [InlineData("0 0 30 2 *", "'0 0 30 2 *' never fires: day-of-month '30' with month '2'")]
    [InlineData("0 0 31 APR,JUN,SEP,NOV ?", "never fires")]
    public void RefusesWithOneClearMessage(string text, string message)
    {
        var mistakes = Assert.Throws<InvalidScheduleException>(() => CronExpression.Parse(text)).Mistakes;
        var mistake = Assert.Single(mistakes);
        Assert.Equal("cron", mistake.Field);
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesTheMistakesOfAllFields() =>
        Assert.Equal(5, Assert.Throws<InvalidScheduleException>(() => CronExpression.Parse("60 24 32 13 8")).Mistakes.Count);

    [Theory]
    // Spring: 02:00 to 03:00 does not exist on 31 March 2024 in Berlin.
    [InlineData("Europe/Berlin", "30 2 * * *", "2024-03-30T12:00Z", "03-31T03:00+02:00 04-01T02:30+02:00")]
    [InlineData("Europe/Berlin", "*/20 2 * * *", "2024-03-30T12:00Z", "03-31T03:00+02:00 04-01T02:00+02:00")]
    [InlineData("Europe/Berlin", "0,30 2,3 * * *", "2024-03-30T12:00Z", "03-31T03:00+02:00 03-31T03:30+02:00")]
    [InlineData("Europe/Berlin", "30 * * * *", "2024-03-31T00:00Z", "03-31T01:30+01:00 03-31T03:30+02:00")]
    [InlineData("Europe/Berlin", "0 */2 * * *", "2024-03-30T23:30Z", "03-31T04:00+02:00 03-31T06:00+02:00")]
    // Autumn: 02:00 to 03:00 comes twice on 27 October 2024.
    [InlineData("Europe/Berlin", "30 2 * * *", "2024-10-26T12:00Z", "10-27T02:30+02:00 10-28T02:30+01:00")]
    [InlineData("Europe/Berlin", "30 2 * * *", "2024-10-27T00:45Z", "10-28T02:30+01:00 10-29T02:30+01:00")]
    [InlineData("Europe/Berlin", "30 * * * *", "2024-10-27T00:00Z", "10-27T02:30+02:00 10-27T02:30+01:00 10-27T03:30+01:00")]
    [InlineData("Europe/Berlin", "30 0-23 * * *", "2024-10-27T00:00Z", "10-27T02:30+02:00 10-27T02:30+01:00 10-27T03:30+01:00")]
    [InlineData("Europe/Berlin", "*/30 2 * * *", "2024-10-26T12:00Z", "10-27T02:00+02:00 10-27T02:30+02:00 10-28T02:00+01:00")]
    // Half an hour of summer time; the gap is 02:00 to 02:30, the repeat 01:30 to 02:00.
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2024-10-05T12:00Z", "10-06T02:30+11:00 10-07T02:15+11:00")]
    [InlineData("Australia/Lord_Howe", "45 * * * *", "2024-04-06T14:00Z", "04-07T01:45+11:00 04-07T01:45+10:30 04-07T02:45+10:30")]
    // A gap at midnight, and a whole day that never was.
    [InlineData("Africa/Cairo", "0 0 * * *", "2024-04-25T12:00Z", "04-26T01:00+03:00 04-27T00:00+03:00")]
    [InlineData("Pacific/Apia", "0 12 * * *", "2011-12-29T23:00Z", "12-31T00:00+14:00 12-31T12:00+14:00")]
    [InlineData("Australia/Perth", "30 2 * * *", "2024-03-30T12:00Z", "03-31T02:30+08:00 04-01T02:30+08:00")]
    public void ClocksChange(string zone, string text, string after, string expected)
    {
        var schedule = Schedule.Parse(new ScheduleDefinition { Cron = text, TimeZone = zone });
        var times = expected.Split(' ');
        var found = schedule.Occurrences(Instant(after)).Take(times.Length).Select(t => t.ToString("MM-dd'T'HH:mmzzz", CultureInfo.InvariantCulture));
        Assert.Equal(times, found);
    }

    [Fact]
    public void TheEndsOfTheCalendarAreNoTrouble()
    {
        var clock = Assert.IsType<CronSchedule>(Schedule.Parse(new ScheduleDefinition { Cron = "0 * * * *", TimeZone = "Australia/Sydney" })).Clock;
        Assert.Null(CronExpression.Parse("0 0 * * *").Next(DateTimeOffset.MaxValue, clock));
        Assert.Null(CronExpression.Parse("0 * * * *").Next(DateTimeOffset.MaxValue, clock));
        Assert.NotNull(CronExpression.Parse("0 * * * *").Next(DateTimeOffset.MinValue, clock));
        Assert.NotNull(CronExpression.Parse("0 0 29 2 MON#5", dayOr: false).Next(DateTimeOffset.MinValue, clock));
    }

    static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
