namespace Holoflow.Domain.Schedules.Recurrence;

/// <summary>From the coarsest to the finest: the order decides which parts of a rule expand and which restrict.</summary>
enum RecurrenceFrequency
{
    Yearly,
    Monthly,
    Weekly,
    Daily,
    Hourly,
    Minutely,
    Secondly,
}

/// <summary>One item of BYDAY.</summary>
/// <param name="Ordinal">n-th of the month or year, counted from its end where negative; 0 is every one.</param>
readonly record struct WeekdayOrdinal(DayOfWeek Day, int Ordinal);

/// <summary>The parts of one RRULE, in RFC 5545's names; an absent list is empty.</summary>
sealed record RecurrenceParts
{
    public RecurrenceFrequency Frequency { get; init; }

    public int Interval { get; init; } = 1;

    public int? Count { get; init; }

    /// <summary>The last wall time that may fire.</summary>
    public DateTime? Until { get; init; }

    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;

    public int[] ByMonth { get; init; } = [];

    public int[] ByWeekNumber { get; init; } = [];

    public int[] ByYearDay { get; init; } = [];

    public int[] ByMonthDay { get; init; } = [];

    public WeekdayOrdinal[] ByDay { get; init; } = [];

    public int[] ByHour { get; init; } = [];

    public int[] ByMinute { get; init; } = [];

    public int[] BySecond { get; init; } = [];

    public int[] BySetPosition { get; init; } = [];

    /// <summary>Fills what the rule leaves to DTSTART: the day and the time of day.</summary>
    public RecurrenceParts CompletedFrom(DateTime start)
    {
        var namesDays = ByWeekNumber.Length + ByYearDay.Length + ByMonthDay.Length + ByDay.Length > 0;
        return this with
        {
            ByMonth = !namesDays && Frequency == RecurrenceFrequency.Yearly && ByMonth.Length == 0 ? [start.Month] : ByMonth,
            ByMonthDay = !namesDays && Frequency <= RecurrenceFrequency.Monthly ? [start.Day] : ByMonthDay,
            ByDay = !namesDays && Frequency == RecurrenceFrequency.Weekly ? [new WeekdayOrdinal(start.DayOfWeek, 0)] : ByDay,
            ByHour = ByHour.Length == 0 && Frequency < RecurrenceFrequency.Hourly ? [start.Hour] : ByHour,
            ByMinute = ByMinute.Length == 0 && Frequency < RecurrenceFrequency.Minutely ? [start.Minute] : ByMinute,
            BySecond = BySecond.Length == 0 && Frequency < RecurrenceFrequency.Secondly ? [start.Second] : BySecond,
        };
    }
}
