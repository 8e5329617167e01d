namespace Holoflow.Domain.Tests.Schedules;

/// <summary>
/// RRULE texts that RFC 5545 and python-dateutil 2.8.2 read alike. Left out, because dateutil errs there: BYDAY that mixes plain and counted
/// weekdays (it demands both at once); BYWEEKNO with negative numbers, 53 or another WKST than Monday (it knows only part of the neighbouring
/// year's weeks); BYSETPOS with WEEKLY when DTSTART is not on WKST (it counts the first week from DTSTART).
/// </summary>
static class GeneratedRule
{
    static readonly string[] Weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    static readonly string[] Frequencies = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"];

    public static (string Start, string Rule) From(Random random)
    {
        var frequency = random.Next(Frequencies.Length);
        var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddSeconds(random.Next(4 * 365 * 86_400));
        var parts = new List<string> { $"FREQ={Frequencies[frequency]}" };
        if (random.Next(2) == 0)
            parts.Add($"INTERVAL={random.Next(1, frequency switch { 0 => 4, 1 => 8, > 4 => 100, _ => 20 })}");
        var byWeekNumber = frequency == 0 && random.Next(5) == 0;
        var weekStart = "MO";
        if (random.Next(3) == 0 && !byWeekNumber)
            parts.Add($"WKST={weekStart = Weekdays[random.Next(7)]}");

        Sometimes(0.3, "BYMONTH", 1, 12, 3);
        if (byWeekNumber)
            Sometimes(1, "BYWEEKNO", 1, 52, 3);
        Sometimes(frequency == 2 ? 0 : 0.3, "BYMONTHDAY", 1, 31, 4, negative: true);
        Sometimes(frequency is 0 or > 2 ? 0.15 : 0, "BYYEARDAY", 1, 366, 5, negative: true);
        if (random.NextDouble() < 0.4)
            parts.Add("BYDAY=" + Days(frequency < 2 && !byWeekNumber && random.Next(2) == 0, frequency == 0));
        Sometimes(0.3, "BYHOUR", 0, 23, 4);
        Sometimes(0.3, "BYMINUTE", 0, 59, 3);
        Sometimes(0.15, "BYSECOND", 0, 59, 3);
        if (random.Next(4) == 0 && parts.Exists(part => part.StartsWith("BY", StringComparison.Ordinal)))
        {
            if (frequency == 2)
                start = start.AddDays((Array.IndexOf(Weekdays, weekStart) + 8 - (int)start.DayOfWeek) % 7);
            Sometimes(1, "BYSETPOS", 1, random.Next(3) == 0 ? 30 : 4, 2, negative: true);
        }

        switch (random.Next(4))
        {
            case 0:
                parts.Add($"COUNT={random.Next(1, 30)}");
                break;
            case 1:
                parts.Add($"UNTIL={start.AddSeconds(random.Next(1, 1_000_000) * (double)random.Next(1, 200)):yyyyMMdd'T'HHmmss}");
                break;
        }

        return ($"{start:yyyyMMdd'T'HHmmss}", string.Join(';', parts));

        void Sometimes(double often, string name, int min, int max, int most, bool negative = false)
        {
            if (random.NextDouble() < often)
                parts.Add($"{name}={string.Join(',', Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => random.Next(min, max + 1) * (negative && random.Next(3) == 0 ? -1 : 1)))}");
        }

        string Days(bool counted, bool ofYear) => string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
            (counted ? $"{random.Next(1, ofYear && random.Next(2) == 0 ? 52 : 5) * (random.Next(3) == 0 ? -1 : 1)}" : "") + Weekdays[random.Next(7)]));
    }
}
