using System.Globalization;
using Holoflow.Domain.Schedules;

namespace Holoflow.Domain.Tests.Schedules;

public sealed class RecurrenceTests
{
    [Theory]
    // Examples of RFC 5545, 3.8.5.3, and how users write.
    [InlineData("DTSTART;TZID=America/New_York:19970902T090000\nRRULE:FREQ=DAILY;COUNT=3", "1997-09-02T09:00-04:00 1997-09-03T09:00-04:00 1997-09-04T09:00-04:00 end")]
    [InlineData("DTSTART;TZID=America/New_York:19970905T090000\nRRULE:FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "1997-09-05T09:00-04:00 1997-10-03T09:00-04:00 1997-11-07T09:00-05:00 end")]
    [InlineData("DTSTART;TZID=America/New_York:19970928T090000\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=2", "1997-09-28T09:00-04:00 1997-10-29T09:00-05:00 end")]
    [InlineData("DTSTART;TZID=America/New_York:19961105T090000\nRRULE:FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=2", "1996-11-05T09:00-05:00 2000-11-07T09:00-05:00 end")]
    [InlineData("DTSTART;TZID=America/New_York:19970929T090000\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=2", "1997-09-29T09:00-04:00 1997-10-30T09:00-05:00 end")]
    [InlineData("DTSTART:19970512T090000\nRRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=2", "1997-05-12T09:00+00:00 1998-05-11T09:00+00:00 end")]
    [InlineData("FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=6", "2020-01-03T06:00+00:00 2020-01-06T06:00+00:00")]
    [InlineData("rrule:freq=daily;until=20200102", "2020-01-01T00:00+00:00 2020-01-02T00:00+00:00 end")]
    [InlineData("DTSTART:20240101T060000\nRDATE:20240305T070000\nRRULE:FREQ=YEARLY;COUNT=2\nEXDATE:20240101T060000", "2024-03-05T07:00+00:00 2025-01-01T06:00+00:00 end")]
    [InlineData("DTSTART:20230129T000000\nRRULE:FREQ=MONTHLY;BYDAY=MO,2TU;COUNT=3", "2023-01-30T00:00+00:00 2023-02-06T00:00+00:00 2023-02-13T00:00+00:00 end")]
    public void FireTimesAre(string text, string expected)
    {
        var schedule = Schedule.Parse(new ScheduleDefinition { Rrule = text });
        var times = expected.Replace(" end", "", StringComparison.Ordinal).Split(' ');
        var found = schedule.Occurrences(DateTimeOffset.MinValue).Take(times.Length + 1).Select(t => t.ToString("yyyy-MM-dd'T'HH:mmzzz", CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(times, found[..times.Length]);
        Assert.Equal(expected.EndsWith(" end", StringComparison.Ordinal), found.Length == times.Length);
    }

    [Theory]
    [InlineData("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "2024-03-30T12:00Z", "03-31T03:00+02:00 04-01T02:30+02:00")]
    [InlineData("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "2024-10-26T12:00Z", "10-27T02:30+02:00 10-28T02:30+01:00")]
    [InlineData("FREQ=HOURLY;BYMINUTE=30", "2024-03-31T00:00Z", "03-31T01:30+01:00 03-31T03:00+02:00 03-31T03:30+02:00")]
    [InlineData("FREQ=HOURLY;BYMINUTE=30", "2024-10-27T00:00Z", "10-27T02:30+02:00 10-27T03:30+01:00")]
    [InlineData("FREQ=HOURLY;BYMINUTE=30", "2024-10-27T01:10Z", "10-27T03:30+01:00 10-27T04:30+01:00")]
    public void ClocksChange(string rule, string after, string expected)
    {
        var schedule = Schedule.Parse(new ScheduleDefinition { Rrule = rule, TimeZone = "Europe/Berlin" });
        var times = expected.Split(' ');
        var found = schedule.Occurrences(DateTimeOffset.Parse(after)).Take(times.Length).Select(t => t.ToString("MM-dd'T'HH:mmzzz", CultureInfo.InvariantCulture));
        Assert.Equal(times, found);
    }

    [Fact]
    public void AStartInUtcIsPlacedOnTheWallClockOfTheZone() => Assert.Equal(
        new DateTimeOffset(2024, 7, 1, 8, 0, 0, TimeSpan.FromHours(2)),
        Schedule.Parse(new ScheduleDefinition { Rrule = "DTSTART:20240101T070000Z RRULE:FREQ=MONTHLY", TimeZone = "Europe/Berlin" }).Next(new(2024, 6, 2, 0, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("", "the text is empty; write for example FREQ=DAILY;BYHOUR=6")]
    [InlineData("INTERVAL=2", "FREQ is missing; write FREQ=DAILY")]
    [InlineData("FREQ=FORTNIGHTLY", "FREQ=FORTNIGHTLY is not a frequency")]
    [InlineData("FREQ=3", "FREQ=3 is not a frequency")]
    [InlineData("FREQ=DAILY;INTERVAL=0", "INTERVAL has '0'; use one number 1 to 1000000")]
    [InlineData("FREQ=DAILY;COUNT=many", "COUNT has 'MANY'; use one number")]
    [InlineData("FREQ=DAILY;COUNT=2;UNTIL=20300101", "COUNT and UNTIL are given together")]
    [InlineData("FREQ=DAILY;UNTIL=soon", "UNTIL=SOON is not a time; write 20240131T060000")]
    [InlineData("FREQ=DAILY;UNTIL=20100101", "UNTIL lies before the start 2020-01-01T00:00:00")]
    [InlineData("FREQ=MONTHLY;BYDAY=0MO", "BYDAY=0MO has the ordinal '0'; use 1 to 53, or -1 to -53")]
    [InlineData("FREQ=WEEKLY;BYDAY=MON", "BYDAY has 'ON'; weekdays are MO, TU")]
    [InlineData("FREQ=WEEKLY;BYDAY=2MO", "BYDAY=2MO counts weekdays in a month or year: use it with FREQ=MONTHLY or YEARLY")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=3;BYDAY=2MO", "which does not go with BYWEEKNO")]
    [InlineData("FREQ=DAILY;BYHOUR=24", "BYHOUR has '24'; use numbers 0 to 23")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY has '0'; use numbers 1 to 31, or -1 to -31 from the end")]
    [InlineData("FREQ=DAILY;BYSETPOS=1", "BYSETPOS picks from what other BY parts name")]
    [InlineData("FREQ=DAILY;FREQ=WEEKLY", "FREQ is given twice")]
    [InlineData("FREQ=DAILY;BYEASTER=0", "'BYEASTER=0' is not a part of a rule; known are FREQ,")]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never fires: its parts name no time after the start 2020-01-01T00:00:00")]
    [InlineData("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "never fires: its parts name no time after the start")]
    [InlineData("FREQ=DAILY;INTERVAL=7;BYDAY=MO", "never fires: its parts name no time after the start")]
    [InlineData("FREQ=SECONDLY;BYSECOND=1;BYSETPOS=2", "never fires: its parts name no time after the start")]
    [InlineData("FREQ=SECONDLY;INTERVAL=60;BYSECOND=5", "never fires: steps of INTERVAL=60 from 00:00:00 never meet BYHOUR, BYMINUTE and BYSECOND")]
    [InlineData("FREQ=MINUTELY;INTERVAL=120;BYHOUR=1", "never fires: steps of INTERVAL=120")]
    [InlineData("DTSTART:20240101\nDTSTART:20240102\nRRULE:FREQ=DAILY", "DTSTART is given more than once")]
    [InlineData("DTSTART:today\nRRULE:FREQ=DAILY", "DTSTART has 'TODAY'; write times as 20240131T060000")]
    [InlineData("DTSTART;TZID=Mars/Olympus:20240101\nRRULE:FREQ=DAILY", "DTSTART: time zone 'Mars/Olympus' is not known")]
    [InlineData("DTSTART;TZID=Europe/Berlin:20240101\nEXDATE;TZID=Europe/Paris:20240101\nRRULE:FREQ=DAILY", "EXDATE has TZID=Europe/Paris, but TZID of DTSTART is Europe/Berlin")]
    [InlineData("DTSTART:20240101", "there is no RRULE or RDATE line")]
    [InlineData("RRULE:FREQ=DAILY\nEXRULE:FREQ=DAILY", "EXRULE is not supported")]
    [InlineData("BEGIN:VEVENT\nRRULE:FREQ=DAILY", "'BEGIN' is not a recurrence line")]
    [InlineData("RRULE;X=1:FREQ=DAILY", "RRULE has the parameter 'X=1'")]
    public void RefusesWithOneClearMessage(string text, string message)
    {
        Assert.Null(Schedule.TryParse(new ScheduleDefinition { Rrule = text }, out var mistakes));
        var mistake = Assert.Single(mistakes);
        Assert.Equal("rrule", mistake.Field);
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesAllMistakesOfAllLines()
    {
        Assert.Null(Schedule.TryParse(new ScheduleDefinition { Rrule = "DTSTART:x\nRRULE:FREQ=Q;BYHOUR=25,26;COUNT=0\nEXRULE:FREQ=DAILY\nEXDATE:y" }, out var mistakes));
        Assert.Equal(7, mistakes.Count);
    }

    [Fact]
    public void TooManyRulesAreRefused() => Assert.Contains("17 RRULE lines are too many; at most 16",
        Assert.Throws<InvalidScheduleException>(() => Schedule.Parse(new() { Rrule = string.Join('\n', Enumerable.Repeat("FREQ=DAILY", 17)) })).Message, StringComparison.Ordinal);

    [Fact]
    public void TheEndsOfTheCalendarAreNoTrouble()
    {
        var schedule = Schedule.Parse(new ScheduleDefinition { Rrule = "FREQ=SECONDLY;INTERVAL=7", TimeZone = "Australia/Sydney" });
        Assert.Null(schedule.Next(DateTimeOffset.MaxValue));
        Assert.Equal(2019, schedule.Next(DateTimeOffset.MinValue)!.Value.UtcDateTime.Year);
    }
}
