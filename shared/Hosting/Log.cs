using Microsoft.Extensions.Logging;

namespace Holoflow.Hosting;

/// <summary>What every host may have to say.</summary>
public static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Service} stopped")]
    internal static partial void Stopped(this ILogger log, string service);

    [LoggerMessage(2, LogLevel.Critical, "{Service} failed: {Reason}")]
    internal static partial void Failed(this ILogger log, Exception exception, string service, string reason);

    /// <summary>The handler of an event threw; the event is gone, and a sweep makes good what it would have told.</summary>
    public static void EventFailed(this ILogger log, Exception exception, object message)
    {
        // An exception of ours says in its message what is wrong: one line. Of any other the place where it was thrown is wanted.
        if (IsForPeople(exception))
            EventNotTaken(log, message.ToString(), exception.Message);
        else
            HandlerFailed(log, exception, message.ToString());
    }

    /// <summary>Whether an exception's message was written for the one who runs the service.</summary>
    internal static bool IsForPeople(Exception exception) => exception.GetType().Namespace?.StartsWith("Holoflow.", StringComparison.Ordinal) == true;

    [LoggerMessage(4, LogLevel.Warning, "{Event} is not taken: {Reason}")]
    static partial void EventNotTaken(ILogger log, string? @event, string reason);

    [LoggerMessage(3, LogLevel.Error, "The handler of an event failed: {Event}")]
    static partial void HandlerFailed(ILogger log, Exception exception, string? @event);
}
