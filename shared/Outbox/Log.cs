using Microsoft.Extensions.Logging;

namespace Holoflow.Outbox;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "An event for {RoutingKey} could not be published and is tried again: {Reason}")]
    public static partial void PublishFailed(ILogger logger, string routingKey, string reason);

    [LoggerMessage(2, LogLevel.Information, "{Count} stored events that were left behind are published")]
    public static partial void Swept(ILogger logger, int count);

    [LoggerMessage(3, LogLevel.Warning, "Stored events that were left behind could not be looked for, and are again soon: {Reason}")]
    public static partial void SweepFailed(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Notifications of stored events are not heard, and are soon again: {Reason}")]
    public static partial void ListeningFailed(ILogger logger, string reason);
}
