namespace Holoflow.Domain.Schedules.Recurrence;

/// <summary>Whether a day is one that the rule names: a day must satisfy every part that is given, and within a part any item.</summary>
sealed class RecurrenceDays
{
    readonly RecurrenceParts _parts;
    readonly bool _ordinalsCountInYear;

    public RecurrenceDays(RecurrenceParts parts)
    {
        _parts = parts;
        _ordinalsCountInYear = parts.Frequency == RecurrenceFrequency.Yearly && parts.ByMonth.Length == 0;
    }

    public bool Contains(DateTime day) =>
        (_parts.ByMonth.Length == 0 || _parts.ByMonth.Contains(day.Month))
        && (_parts.ByMonthDay.Length == 0 || MatchesFromEitherEnd(_parts.ByMonthDay, day.Day, DateTime.DaysInMonth(day.Year, day.Month)))
        && (_parts.ByDay.Length == 0 || MatchesWeekday(day))
        && (_parts.ByYearDay.Length == 0 || MatchesFromEitherEnd(_parts.ByYearDay, day.DayOfYear, DaysInYear(day.Year)))
        && (_parts.ByWeekNumber.Length == 0 || MatchesWeekNumber(day));

    /// <summary>Whether any day of any year is named: the calendar repeats after 400 years of whole weeks.</summary>
    public bool NamesAny()
    {
        var first = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
        for (var day = first; day.Year < 2400; day = day.AddDays(1))
        {
            if (Contains(day))
                return true;
        }

        return false;
    }

    static bool MatchesFromEitherEnd(int[] items, int number, int length) =>
        items.Contains(number) || items.Contains(number - length - 1);

    bool MatchesWeekday(DateTime day)
    {
        foreach (var item in _parts.ByDay)
        {
            if (item.Day == day.DayOfWeek && (item.Ordinal == 0 || OrdinalOf(day, item.Ordinal > 0) == item.Ordinal))
                return true;
        }

        return false;
    }

    int OrdinalOf(DateTime day, bool fromStart)
    {
        var (number, length) = _ordinalsCountInYear
            ? (day.DayOfYear, DaysInYear(day.Year))
            : (day.Day, DateTime.DaysInMonth(day.Year, day.Month));
        return fromStart ? ((number - 1) / 7) + 1 : -((length - number) / 7) - 1;
    }

    /// <summary>Weeks start on WKST; week 1 is the first with four days in the year (with Monday: the ISO week).</summary>
    bool MatchesWeekNumber(DateTime day)
    {
        var (year, number) = WeekOf(day);

        // 28 December always lies in its year's last week.
        var last = WeekOf(new DateTime(year, 12, 28, 0, 0, 0, DateTimeKind.Unspecified)).Number;
        return MatchesFromEitherEnd(_parts.ByWeekNumber, number, last);
    }

    (int Year, int Number) WeekOf(DateTime day)
    {
        var middle = day.AddDays(3 - DaysSince(_parts.WeekStart, day));
        return (middle.Year, ((middle.DayOfYear - 1) / 7) + 1);
    }

    public static int DaysSince(DayOfWeek weekStart, DateTime day) => ((int)day.DayOfWeek - (int)weekStart + 7) % 7;

    static int DaysInYear(int year) => DateTime.IsLeapYear(year) ? 366 : 365;
}
