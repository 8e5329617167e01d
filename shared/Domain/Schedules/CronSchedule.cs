using Holoflow.Domain.Schedules.Cron;

namespace Holoflow.Domain.Schedules;

/// <summary>A cron expression on the wall clock of one zone.</summary>
public sealed class CronSchedule(CronExpression expression, ZoneClock clock) : Schedule
{
    public CronExpression Expression => expression;

    public ZoneClock Clock => clock;

    public override DateTimeOffset? Next(DateTimeOffset after) => expression.Next(after, clock);
}
