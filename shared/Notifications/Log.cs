using Microsoft.Extensions.Logging;

namespace Holoflow.Notifications;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Notification '{Rule}' was not delivered ({Attempts} attempts): {Reason}")]
    public static partial void NotDelivered(ILogger logger, string rule, int attempts, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Notifications were not looked at, and are again later: {Reason}")]
    public static partial void PassFailed(ILogger logger, string reason);
}
