using Microsoft.Extensions.Logging;

namespace Holoflow.LogIngest;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Days of the log: {Added} added, {Dropped} dropped")]
    public static partial void DaysChanged(ILogger logger, int added, int dropped);

    [LoggerMessage(2, LogLevel.Warning, "The days of the log could not be looked after, and are again in an hour: {Reason}")]
    public static partial void DaysFailed(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Debug, "Followers of run {RunId} were not told of new lines: {Reason}")]
    public static partial void FollowersNotTold(ILogger logger, Guid runId, string reason);
}
