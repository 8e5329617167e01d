using System.Numerics;

namespace Holoflow.Domain.Schedules.Cron;

/// <summary>Which days an expression fires on: its month and its two day fields taken together.</summary>
sealed class CronDays(CronFieldValues daysOfMonth, CronFieldValues months, CronFieldValues daysOfWeek, bool either)
{
    /// <summary>The calendar repeats after 400 years: what does not match in them never will.</summary>
    const int MonthsInCycle = 400 * 12;

    public DateTime? AtOrAfter(DateTime date)
    {
        var (year, month, day) = (date.Year, date.Month, date.Day);
        for (var i = 0; i <= MonthsInCycle && year < ZoneClock.End.Year; i++, day = 1)
        {
            var days = months.Contains(month) ? In(year, month) >> day << day : 0;
            if (days != 0)
                return new DateTime(year, month, BitOperations.TrailingZeroCount(days), 0, 0, 0, DateTimeKind.Unspecified);
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1);
        }

        return null;
    }

    /// <summary>Bit n is day n of the month.</summary>
    uint In(int year, int month)
    {
        var length = DateTime.DaysInMonth(year, month);
        var all = (uint)((1UL << (length + 1)) - 2);
        var weekdaysMatter = !daysOfWeek.IsAll;
        var datesMatter = !daysOfMonth.IsAll;
        if (!weekdaysMatter && !datesMatter)
            return all;

        var byDate = ((uint)daysOfMonth.Bits & all) | (daysOfMonth.LastDay ? 1u << length : 0);
        if (!weekdaysMatter)
            return byDate;
        var byWeekday = ByWeekday((int)new DateTime(year, month, 1, 0, 0, 0, DateTimeKind.Unspecified).DayOfWeek, length);
        return !datesMatter ? byWeekday : either ? byDate | byWeekday : byDate & byWeekday;
    }

    uint ByWeekday(int weekdayOfFirst, int length)
    {
        uint days = 0;
        for (var day = 1; day <= length; day++)
        {
            var weekday = (weekdayOfFirst + day - 1) % 7;
            var ordinals = daysOfWeek.Ordinals >> (8 * weekday);
            var isLast = day + 7 > length;
            if (daysOfWeek.Contains(weekday) || (ordinals >> (((day - 1) / 7) + 1) & 1) != 0 || (isLast && (ordinals & 1) != 0))
                days |= 1u << day;
        }

        return days;
    }
}
