namespace Holoflow.Domain.Schedules.Recurrence;

/// <summary>One RRULE with its DTSTART, in wall times; time zones are the caller's business.</summary>
/// <remarks>DTSTART fires only where the rule names it, as in python-dateutil (RFC 5545 leaves it open).</remarks>
sealed class RecurrenceRule
{
    readonly RecurrenceParts _parts;
    readonly DateTime _start;
    readonly RecurrenceDays _days;
    readonly RecurrencePeriods _periods;
    readonly RecurrenceTimes _times;
    readonly TimeSpan[] _timesInPeriod;

    public RecurrenceRule(RecurrenceParts parts, DateTime start)
    {
        _parts = parts.CompletedFrom(start);
        _start = start;
        _days = new RecurrenceDays(_parts);
        _periods = new RecurrencePeriods(_parts, start);
        _times = new RecurrenceTimes(_parts);
        _timesInPeriod = _times.InPeriod();
    }

    /// <summary>False where no step ever meets BYHOUR, BYMINUTE and BYSECOND: such a rule must not be enumerated.</summary>
    public bool IsReachable => _times.AreReachable(_start, _parts.Interval);

    /// <summary>Whether the rule fires at all. The days are looked at alone first: walking an impossible rule to the calendar's end takes long.</summary>
    public bool EverFires => _days.NamesAny() && HasPlaces && WallTimes(_start).Any();

    /// <summary>The wall times that fire at <paramref name="from"/> or later, in order. A rule with COUNT has to be counted from its start.</summary>
    public IEnumerable<DateTime> WallTimes(DateTime from)
    {
        var left = _parts.Count ?? int.MaxValue;
        var least = from > _start && _parts.Count is null ? from : _start;
        var candidates = _parts.Frequency < RecurrenceFrequency.Hourly ? InDayPeriods(least) : InTimePeriods(least);
        foreach (var wall in candidates)
        {
            if (wall > _parts.Until)
                yield break;
            if (wall < least)
                continue;
            if (_parts.Count is not null && left-- == 0)
                yield break;
            if (wall >= from)
                yield return wall;
        }
    }

    IEnumerable<DateTime> InDayPeriods(DateTime least)
    {
        var days = new List<DateTime>();
        for (var number = _periods.NumberAt(least); _periods.StartOf(number) is { } start; number++)
        {
            // Without this a rule past its end would be looked for up to the end of the calendar.
            if (start > _parts.Until)
                yield break;
            days.Clear();
            var last = _periods.LastDayOf(start);
            for (var day = _parts.BySetPosition.Length == 0 && least.Date > start ? least.Date : start; day <= last; day = day.AddDays(1))
            {
                if (_days.Contains(day))
                    days.Add(day);
            }

            foreach (var wall in Positioned(days))
                yield return wall;
        }
    }

    IEnumerable<DateTime> InTimePeriods(DateTime least)
    {
        for (var number = _periods.NumberAt(least); _periods.StartOf(number) is { } start;)
        {
            if (start > _parts.Until)
                yield break;
            var named = _days.Contains(start.Date) ? _times.SkipExcluded(start) : start.Date.AddDays(1);
            if (named > start)
            {
                number = Math.Max(number + 1, _periods.NumberFrom(named));
                continue;
            }

            foreach (var wall in Positioned([start]))
                yield return wall;
            number++;
        }
    }

    /// <summary>The times of one period; with BYSETPOS only these of them, counted from 1 or, where negative, from the end.</summary>
    IEnumerable<DateTime> Positioned(IReadOnlyList<DateTime> starts) => _parts.BySetPosition.Length == 0
        ? starts.SelectMany(_ => _timesInPeriod, (start, time) => start + time)
        : PlacesAmong(starts.Count * _timesInPeriod.Length).Select(place =>
            starts[place / _timesInPeriod.Length] + _timesInPeriod[place % _timesInPeriod.Length]);

    /// <summary>False where BYSETPOS counts beyond what even the longest period of this rule can hold.</summary>
    bool HasPlaces => _parts.BySetPosition.Length == 0 || PlacesAmong(_periods.MostDays * _timesInPeriod.Length).Any();

    IEnumerable<int> PlacesAmong(int count) => _parts.BySetPosition
        .Select(position => position > 0 ? position - 1 : count + position)
        .Where(place => place >= 0 && place < count)
        .Distinct()
        .Order();
}
