using Microsoft.Extensions.Logging;

namespace Holoflow.Api;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} was answered {Status}")]
    public static partial void RequestFailed(ILogger log, Exception error, string method, string path, int status);

    [LoggerMessage(2, LogLevel.Warning, "The state store has not stored run {RunId} yet; it is asked again")]
    public static partial void SubmissionPending(ILogger log, Guid runId);

    [LoggerMessage(3, LogLevel.Warning, "Run {RunId} was accepted with 202 and then refused: {Reason}")]
    public static partial void SubmissionRefused(ILogger log, Guid runId, string reason);

    [LoggerMessage(4, LogLevel.Information, "A reader of {Path} took nothing for {Seconds} s and was cut off")]
    public static partial void ReaderCutOff(ILogger log, string path, double seconds);

    [LoggerMessage(6, LogLevel.Information, "{Method} {Path} was turned away: {Reason}")]
    public static partial void TurnedAway(ILogger log, string method, string path, string reason);

    [LoggerMessage(7, LogLevel.Warning, "The API tokens could not be read again, those known stay: {Reason}")]
    public static partial void TokensNotRead(ILogger log, string reason);

    [LoggerMessage(8, LogLevel.Warning, "The state store does not answer yet; the API starts when it knows the first API token: {Reason}")]
    public static partial void AdminTokenWaits(ILogger log, string reason);

    [LoggerMessage(9, LogLevel.Information, "The first API token, of scope admin, was written to {Path}")]
    public static partial void AdminTokenWritten(ILogger log, string path);

    [LoggerMessage(10, LogLevel.Information, "The broker's user of agent {Agent} was removed: its API token is taken no longer")]
    public static partial void AgentUserRemoved(ILogger log, string agent);

    [LoggerMessage(11, LogLevel.Warning, "The broker's users of revoked agents are not removed yet: {Reason}")]
    public static partial void AgentUsersNotLookedAt(ILogger log, string reason);

    [LoggerMessage(5, LogLevel.Information, "API on {Address}")]
    public static partial void Started(ILogger log, string address);
}
