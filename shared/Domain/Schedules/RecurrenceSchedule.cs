using Holoflow.Domain.Schedules.Recurrence;

namespace Holoflow.Domain.Schedules;

/// <summary>
/// RFC 5545 recurrence: <c>FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=6</c>, or lines <c>DTSTART</c>, <c>RRULE</c> (several allowed), <c>RDATE</c> and
/// <c>EXDATE</c>. All of RFC 5545's rule parts are understood (FREQ, INTERVAL, COUNT, UNTIL, WKST, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY,
/// BYHOUR, BYMINUTE, BYSECOND, BYSETPOS), with python-dateutil's reading where the RFC leaves one open:
/// <list type="bullet">
/// <item>DTSTART itself fires only where the rule names it; without a DTSTART line the definition's anchor date is the start;</item>
/// <item>every BY part restricts the days of the period, at any frequency (BYYEARDAY with DAILY is a filter, not an error);</item>
/// <item>UNTIL with a date alone means that day's midnight.</item>
/// </list>
/// The rule counts on the wall clock of the zone (TZID of DTSTART, or the definition's). Missing and repeated wall times follow
/// <see cref="ZoneClock"/>, for finer frequencies too: an HOURLY rule does not fire in the second pass of a repeated hour. For elapsed
/// time use <see cref="IntervalSchedule"/>. (RFC 5545, 3.3.5, would move a missing 02:30 to 03:30; here it fires at 03:00, like every other schedule.)
/// </summary>
public sealed class RecurrenceSchedule : Schedule
{
    readonly RecurrenceSet _set;

    internal RecurrenceSchedule(RecurrenceSet set, ZoneClock clock) => (_set, Clock) = (set, clock);

    public ZoneClock Clock { get; }

    public override DateTimeOffset? Next(DateTimeOffset after)
    {
        foreach (var fireTime in Occurrences(after))
            return fireTime;
        return null;
    }

    /// <inheritdoc/>
    /// <remarks>Walks the rule once; asking <see cref="Next"/> over and over would count a rule with COUNT from its start each time.</remarks>
    public override IEnumerable<DateTimeOffset> Occurrences(DateTimeOffset after)
    {
        var previous = ZoneClock.Within(after);
        foreach (var wall in _set.WallTimes(previous + Clock.OffsetAt(previous)))
        {
            // Several wall times inside one gap mean one instant, and those of a second pass one that is over.
            var instant = Clock.InstantAt(wall);
            if (instant.UtcDateTime <= previous)
                continue;
            previous = instant.UtcDateTime;
            yield return instant;
        }
    }
}
