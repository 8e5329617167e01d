using Holoflow.Domain.Schedules;
using Microsoft.Extensions.Logging;

namespace Holoflow.Scheduler;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "A schedule of deployment {Deployment} cannot be understood and makes no runs: {Mistake}")]
    public static partial void ScheduleNotUnderstood(ILogger logger, string deployment, string mistake);

    [LoggerMessage(2, LogLevel.Warning, "Deployment {Deployment}: {Count} fire times from {First} to {Last} make no runs: {Reason}")]
    public static partial void FireTimesSkipped(ILogger logger, string deployment, int? count, DateTimeOffset first, DateTimeOffset last, SkipReason reason);

    [LoggerMessage(3, LogLevel.Error, "Deployment {Deployment}: the run of {FireTime} was refused: {Reason}")]
    public static partial void ScheduledRunRefused(ILogger logger, string deployment, DateTimeOffset fireTime, string? reason);

    [LoggerMessage(4, LogLevel.Warning, "A scheduling pass failed and is made again in {Pause}: {Reason}")]
    public static partial void PassFailed(ILogger logger, TimeSpan pause, string reason);

    [LoggerMessage(5, LogLevel.Information, "This scheduler leads")]
    public static partial void Leads(ILogger logger);

    [LoggerMessage(6, LogLevel.Warning, "This scheduler leads no longer: its connection to the database broke")]
    public static partial void LeadershipLost(ILogger logger);

    [LoggerMessage(7, LogLevel.Information, "{Count} old runs were removed")]
    public static partial void RunsRemoved(ILogger logger, int count);

    [LoggerMessage(8, LogLevel.Warning, "Old runs were not removed, and are looked for again later: {Reason}")]
    public static partial void RetentionFailed(ILogger logger, string reason);
}
