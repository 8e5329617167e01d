using System.Globalization;

namespace Holoflow.Domain.Schedules.Recurrence;

/// <summary>Reads the value of one RRULE line and collects everything that is wrong with it.</summary>
sealed class RecurrenceRuleReader(string text, Func<string, DateTime?> readTime, Action<string> wrong)
{
    static readonly string[] Weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    static readonly string[] Known =
    [
        "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE",
        "BYSECOND", "BYSETPOS",
    ];

    readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public RecurrenceParts? Read()
    {
        var isWhole = Split();
        var parts = new RecurrenceParts
        {
            Frequency = Frequency(),
            Interval = Number("INTERVAL", 1, 1_000_000) ?? 1,
            Count = Number("COUNT", 1, 1_000_000),
            Until = Until(),
            WeekStart = (DayOfWeek)Math.Max(0, Weekday("WKST", _values.GetValueOrDefault("WKST", "MO"))),
            ByMonth = Numbers("BYMONTH", 1, 12),
            ByWeekNumber = Numbers("BYWEEKNO", 1, 53, orNegative: true),
            ByYearDay = Numbers("BYYEARDAY", 1, 366, orNegative: true),
            ByMonthDay = Numbers("BYMONTHDAY", 1, 31, orNegative: true),
            ByDay = Days(),
            ByHour = Numbers("BYHOUR", 0, 23),
            ByMinute = Numbers("BYMINUTE", 0, 59),
            BySecond = Numbers("BYSECOND", 0, 59),
            BySetPosition = Numbers("BYSETPOS", 1, 366, orNegative: true),
        };
        CheckTogether(parts);
        return isWhole && !_isWrong ? parts : null;
    }

    bool _isWrong;

    bool Split()
    {
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.IndexOf('=') is > 0 and var at ? (part[..at], part[(at + 1)..]) : (part, "");
            if (!Known.Contains(name))
                Wrong($"'{part}' is not a part of a rule; known are {string.Join(", ", Known)}, each as NAME=value");
            else if (value.Length == 0)
                Wrong($"{name} has no value; leave it out or write {name}=...");
            else if (!_values.TryAdd(name, value))
                Wrong($"{name} is given twice; give it once, with its values separated by commas");
        }

        return !_isWrong;
    }

    RecurrenceFrequency Frequency()
    {
        if (!_values.TryGetValue("FREQ", out var value))
            Wrong("FREQ is missing; write FREQ=DAILY (or YEARLY, MONTHLY, WEEKLY, HOURLY, MINUTELY, SECONDLY)");
        else if (!value.All(char.IsAsciiLetter) || !Enum.TryParse<RecurrenceFrequency>(value, ignoreCase: true, out var frequency))
            Wrong($"FREQ={value} is not a frequency; use YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY or SECONDLY");
        else
            return frequency;
        return RecurrenceFrequency.Yearly;
    }

    DateTime? Until()
    {
        if (!_values.TryGetValue("UNTIL", out var value))
            return null;
        var until = readTime(value);
        if (until is null)
            Wrong($"UNTIL={value} is not a time; write 20240131T060000 (wall time) or 20240131T050000Z (UTC)");
        return until;
    }

    WeekdayOrdinal[] Days()
    {
        if (!_values.TryGetValue("BYDAY", out var value))
            return [];
        var days = new List<WeekdayOrdinal>();
        foreach (var item in value.Split(','))
        {
            var weekday = Weekday("BYDAY", item.Length < 2 ? item : item[^2..]);
            var ordinal = 0;
            if (weekday >= 0 && item.Length > 2
                && (!int.TryParse(item[..^2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ordinal) || Math.Abs(ordinal) is 0 or > 53))
            {
                Wrong($"BYDAY={item} has the ordinal '{item[..^2]}'; use 1 to 53, or -1 to -53 from the end, as in 2MO or -1FR");
            }

            days.Add(new WeekdayOrdinal((DayOfWeek)Math.Max(0, weekday), ordinal));
        }

        return [.. days];
    }

    int Weekday(string name, string value)
    {
        var weekday = Array.IndexOf(Weekdays, value);
        if (weekday < 0)
            Wrong($"{name} has '{value}'; weekdays are MO, TU, WE, TH, FR, SA, SU");
        return weekday;
    }

    int? Number(string name, int least, int most) => Numbers(name, least, most, single: true) is [var number] ? number : null;

    int[] Numbers(string name, int least, int most, bool orNegative = false, bool single = false)
    {
        if (!_values.TryGetValue(name, out var value))
            return [];
        var numbers = new List<int>();
        foreach (var item in single ? [value] : value.Split(','))
        {
            var isNumber = int.TryParse(item, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
            var size = orNegative && number is < 0 and > int.MinValue ? -number : number;
            if (isNumber && size >= least && size <= most)
                numbers.Add(number);
            else
                Wrong($"{name} has '{item}'; use {(single ? "one number" : "numbers")} {least} to {most}{(orNegative ? $", or -{least} to -{most} from the end" : "")}");
        }

        return [.. numbers];
    }

    void CheckTogether(RecurrenceParts parts)
    {
        if (parts is { Count: not null, Until: not null })
            Wrong("COUNT and UNTIL are given together; RFC 5545 allows one of them");
        var hasOrdinals = parts.ByDay.Any(day => day.Ordinal != 0);
        if (hasOrdinals && parts.Frequency > RecurrenceFrequency.Monthly)
            Wrong($"BYDAY={_values["BYDAY"]} counts weekdays in a month or year: use it with FREQ=MONTHLY or YEARLY, or leave the numbers out");
        if (hasOrdinals && parts.ByWeekNumber.Length > 0)
            Wrong($"BYDAY={_values["BYDAY"]} counts weekdays, which does not go with BYWEEKNO: leave the numbers out");
        var others = _values.Keys.Any(name => name is not "BYSETPOS" && name.StartsWith("BY", StringComparison.Ordinal));
        if (parts.BySetPosition.Length > 0 && !others)
            Wrong("BYSETPOS picks from what other BY parts name: give at least one of them too");
    }

    void Wrong(string what)
    {
        _isWrong = true;
        wrong(what);
    }
}
