using System.Globalization;
using Holoflow.Domain.Schedules;
using Holoflow.ReadModel.Scheduling;

namespace Holoflow.Scheduler.Schedules;

/// <summary>A stored schedule as the arithmetic wants it.</summary>
static class ScheduleRules
{
    public static Schedule? Read(ActiveSchedule stored, out IReadOnlyList<ScheduleMistake> mistakes) => Schedule.TryParse(
        new ScheduleDefinition
        {
            Cron = stored.Cron,
            IntervalSeconds = stored.IntervalSeconds,
            AnchorDate = stored.AnchorDate?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            Rrule = stored.Rrule,
            TimeZone = stored.TimeZone,
        },
        out mistakes);

    public static CatchUpRules CatchUp(ActiveSchedule stored, TimeSpan grace) => new()
    {
        Policy = stored.CatchUp switch
        {
            "all" => CatchUpPolicy.All,
            "none" => CatchUpPolicy.None,
            _ => CatchUpPolicy.Last,
        },
        Expiry = stored.ExpirySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Grace = grace,
    };
}
