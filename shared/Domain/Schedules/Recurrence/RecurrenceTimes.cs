namespace Holoflow.Domain.Schedules.Recurrence;

/// <summary>The times of day of a rule: BYHOUR, BYMINUTE and BYSECOND.</summary>
sealed class RecurrenceTimes
{
    readonly RecurrenceFrequency _frequency;
    readonly int[] _hours;
    readonly int[] _minutes;
    readonly int[] _seconds;

    public RecurrenceTimes(RecurrenceParts parts)
    {
        _frequency = parts.Frequency;
        _hours = Sorted(parts.ByHour);
        _minutes = Sorted(parts.ByMinute);
        _seconds = Sorted(parts.BySecond);
    }

    /// <summary>Offsets from the start of the day, hour or minute that a period names, in order.</summary>
    public TimeSpan[] InPeriod() => _frequency switch
    {
        RecurrenceFrequency.Secondly => [TimeSpan.Zero],
        RecurrenceFrequency.Minutely => [.. _seconds.Select(s => new TimeSpan(0, 0, s))],
        RecurrenceFrequency.Hourly => [.. from m in _minutes from s in _seconds select new TimeSpan(0, m, s)],
        _ => [.. from h in _hours from m in _minutes from s in _seconds select new TimeSpan(h, m, s)],
    };

    /// <summary>
    /// For an hour, minute or second that the rule excludes, the earliest wall time after it that the rule might not exclude;
    /// <paramref name="start"/> itself where it is not excluded.
    /// </summary>
    public DateTime SkipExcluded(DateTime start)
    {
        if (Excludes(_hours, start.Hour))
            return start.Date.AddHours(NextIn(_hours, start.Hour, 24));
        if (_frequency >= RecurrenceFrequency.Minutely && Excludes(_minutes, start.Minute))
            return start.Date.AddHours(start.Hour).AddMinutes(NextIn(_minutes, start.Minute, 60));
        if (_frequency == RecurrenceFrequency.Secondly && Excludes(_seconds, start.Second))
            return start.AddSeconds(NextIn(_seconds, start.Second, 60) - start.Second);
        return start;
    }

    /// <summary>Whether steps of a rule finer than a day ever meet a time of day that it names.</summary>
    public bool AreReachable(DateTime start, int interval)
    {
        if (_frequency < RecurrenceFrequency.Hourly)
            return true;
        var unit = RecurrencePeriods.UnitTicks(_frequency) / TimeSpan.TicksPerSecond;
        const long Day = 24 * 60 * 60;
        var step = (long)System.Numerics.BigInteger.GreatestCommonDivisor(interval * unit, Day);
        for (var second = (long)start.TimeOfDay.TotalSeconds / unit * unit % step; second < Day; second += step)
        {
            var time = start.Date.AddSeconds(second);
            if (SkipExcluded(time) == time)
                return true;
        }

        return false;
    }

    static bool Excludes(int[] items, int value) => items.Length > 0 && Array.BinarySearch(items, value) < 0;

    static int NextIn(int[] items, int value, int next)
    {
        var place = ~Array.BinarySearch(items, value);
        return place < items.Length ? items[place] : next;
    }

    static int[] Sorted(int[] items) => [.. items.Distinct().Order()];
}
