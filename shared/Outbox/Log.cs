using Microsoft.Extensions.Logging;

namespace Holoflow.Outbox;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "An event for {RoutingKey} could not be published and is tried again: {Reason}")]
    public static partial void PublishFailed(ILogger logger, string routingKey, string reason);
}
