using Microsoft.Extensions.Logging;

namespace Holoflow.Standalone;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The handler of an event '{Message}' failed")]
    public static partial void HandlerFault(this ILogger log, Exception fault, string message);

    [LoggerMessage(2, LogLevel.Warning, "Whether retried runs have ended cannot be read: {Fault}")]
    public static partial void EndsNotSeen(this ILogger log, string fault);

    [LoggerMessage(3, LogLevel.Warning, "Files of a deleted run are left in {Directory}: {Reason}")]
    public static partial void FilesLeft(this ILogger log, string directory, string reason);
}
