namespace Holoflow.Domain.Schedules.Recurrence;

/// <summary>The periods that FREQ and INTERVAL cut the calendar into, numbered from the one that holds DTSTART.</summary>
sealed class RecurrencePeriods
{
    readonly RecurrenceFrequency _frequency;
    readonly long _interval;
    readonly DateTime _first;

    public RecurrencePeriods(RecurrenceParts parts, DateTime start)
    {
        _frequency = parts.Frequency;
        _interval = parts.Interval;
        _first = parts.Frequency switch
        {
            RecurrenceFrequency.Yearly => new DateTime(start.Year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified),
            RecurrenceFrequency.Monthly => new DateTime(start.Year, start.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
            RecurrenceFrequency.Weekly => start.Date.AddDays(-RecurrenceDays.DaysSince(parts.WeekStart, start)),
            _ => new DateTime(start.Ticks - (start.Ticks % UnitTicks(parts.Frequency)), DateTimeKind.Unspecified),
        };
    }

    /// <summary>How many days the longest period has; 1 where it is a part of one.</summary>
    public int MostDays => _frequency switch
    {
        RecurrenceFrequency.Yearly => 366,
        RecurrenceFrequency.Monthly => 31,
        RecurrenceFrequency.Weekly => 7,
        _ => 1,
    };

    /// <summary>Where a period starts; null beyond the calendar's end.</summary>
    public DateTime? StartOf(long number)
    {
        var units = (Int128)number * _interval;
        if (_frequency is RecurrenceFrequency.Yearly or RecurrenceFrequency.Monthly)
        {
            var months = units * (_frequency == RecurrenceFrequency.Yearly ? 12 : 1);
            return months < (ZoneClock.End.Year - _first.Year) * 12 ? _first.AddMonths((int)months) : null;
        }

        var ticks = _first.Ticks + (units * UnitTicks(_frequency));
        return ticks < ZoneClock.End.Ticks ? new DateTime((long)ticks, DateTimeKind.Unspecified) : null;
    }

    /// <summary>The last day of a period of days that starts on <paramref name="start"/>.</summary>
    public DateTime LastDayOf(DateTime start) => _frequency switch
    {
        RecurrenceFrequency.Yearly => start.AddYears(1).AddDays(-1),
        RecurrenceFrequency.Monthly => start.AddMonths(1).AddDays(-1),
        RecurrenceFrequency.Weekly => start.AddDays(6),
        _ => start,
    };

    /// <summary>The number of the last period that starts at <paramref name="wall"/> or before; 0 before the first.</summary>
    public long NumberAt(DateTime wall)
    {
        if (wall <= _first)
            return 0;
        var units = _frequency switch
        {
            RecurrenceFrequency.Yearly => wall.Year - _first.Year,
            RecurrenceFrequency.Monthly => ((wall.Year - _first.Year) * 12) + wall.Month - _first.Month,
            _ => (wall.Ticks - _first.Ticks) / UnitTicks(_frequency),
        };
        return units / _interval;
    }

    /// <summary>The number of the first period that starts at <paramref name="wall"/> or later.</summary>
    public long NumberFrom(DateTime wall)
    {
        var number = NumberAt(wall);
        return StartOf(number) is { } start && start < wall ? number + 1 : number;
    }

    public static long UnitTicks(RecurrenceFrequency frequency) => frequency switch
    {
        RecurrenceFrequency.Weekly => 7 * TimeSpan.TicksPerDay,
        RecurrenceFrequency.Daily => TimeSpan.TicksPerDay,
        RecurrenceFrequency.Hourly => TimeSpan.TicksPerHour,
        RecurrenceFrequency.Minutely => TimeSpan.TicksPerMinute,
        RecurrenceFrequency.Secondly => TimeSpan.TicksPerSecond,
        _ => throw new ArgumentOutOfRangeException(nameof(frequency), frequency, "Months and years have no fixed length."),
    };
}
