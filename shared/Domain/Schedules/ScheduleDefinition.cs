namespace Holoflow.Domain.Schedules;

/// <summary>A schedule as a person writes it: exactly one of <see cref="Cron"/>, <see cref="IntervalSeconds"/> and <see cref="Rrule"/>.</summary>
public sealed record ScheduleDefinition
{
    /// <summary>Five cron fields or an alias such as <c>@daily</c>; see <see cref="Holoflow.Domain.Schedules.Cron.CronExpression"/>.</summary>
    public string? Cron { get; init; }

    /// <summary>With a cron expression that restricts both day fields: true fires on days that match either (cron's rule), false on days that match both.</summary>
    public bool DayOr { get; init; } = true;

    /// <summary>Seconds between two runs; see <see cref="IntervalSchedule"/>.</summary>
    public double? IntervalSeconds { get; init; }

    /// <summary>
    /// The date that an interval is counted from, or the start of a recurrence rule without DTSTART: <c>2024-01-31</c>,
    /// <c>2024-01-31T06:00</c> (wall time of <see cref="TimeZone"/>) or <c>2024-01-31T06:00Z</c>. Midnight of 2020-01-01 where absent.
    /// </summary>
    public string? AnchorDate { get; init; }

    /// <summary>RFC 5545 recurrence, one line or several; see <see cref="RecurrenceSchedule"/>.</summary>
    public string? Rrule { get; init; }

    /// <summary>IANA name of the zone whose wall clock counts; UTC where absent.</summary>
    public string? TimeZone { get; init; }
}
