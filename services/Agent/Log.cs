using Microsoft.Extensions.Logging;

namespace Holoflow.Agent;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Agent {Name} ({AgentId}) takes runs of {Queues}, {Slots} at a time")]
    public static partial void Started(this ILogger log, string name, string agentId, string queues, int slots);

    [LoggerMessage(19, LogLevel.Information, "Agent {Name} ({AgentId}) finishes runs that 'holoflow run' left, and takes no others")]
    public static partial void StartedToFinish(this ILogger log, string name, string agentId);

    [LoggerMessage(2, LogLevel.Information, "Agent {Name} stops; {Runs} runs go on without it, and are taken up when it starts again")]
    public static partial void Stopped(this ILogger log, string name, int runs);

    [LoggerMessage(3, LogLevel.Warning, "{Request} got no answer and is tried until it does: {Reason}")]
    static partial void NoAnswer(this ILogger log, string request, string reason);

    /// <summary>A machine with far too much to do answers late: no news for a person. All else is.</summary>
    public static void NoAnswer(this ILogger log, string request, Exception reason)
    {
        if (reason is TimeoutException or OperationCanceledException)
            log.LateAnswer(request, reason.Message);
        else
            log.NoAnswer(request, reason.Message);
    }

    [LoggerMessage(16, LogLevel.Information, "{Request} was not answered in time and is tried until it is: {Reason}")]
    static partial void LateAnswer(this ILogger log, string request, string reason);

    [LoggerMessage(4, LogLevel.Information, "{Request} was answered at try {Tries}")]
    public static partial void AnsweredAgain(this ILogger log, string request, int tries);

    [LoggerMessage(5, LogLevel.Debug, "Run {RunId} is not ours: {Reason}")]
    public static partial void ClaimRefused(this ILogger log, Guid runId, string? reason);

    [LoggerMessage(6, LogLevel.Information, "Run {RunId} ({RunName}) started, attempt {Attempt}, epoch {Epoch}")]
    public static partial void Launched(this ILogger log, Guid runId, string runName, int attempt, long epoch);

    [LoggerMessage(7, LogLevel.Information, "Run {RunId} ({RunName}) is taken up again, attempt {Attempt}, epoch {Epoch}")]
    public static partial void Adopted(this ILogger log, Guid runId, string runName, int attempt, long epoch);

    [LoggerMessage(8, LogLevel.Information, "Run {RunId} ended: {Outcome}")]
    public static partial void Ended(this ILogger log, Guid runId, string outcome);

    [LoggerMessage(9, LogLevel.Warning, "Run {RunId} is no longer held by this agent ({Reason}): its processes are killed")]
    public static partial void Fenced(this ILogger log, Guid runId, string reason);

    [LoggerMessage(10, LogLevel.Error, "Run {RunId} cannot be started: {Reason}")]
    public static partial void NotLaunched(this ILogger log, Guid runId, string reason);

    [LoggerMessage(11, LogLevel.Warning, "A batch of run {RunId} was refused and is left out: {Reason}")]
    public static partial void BatchRefused(this ILogger log, Guid runId, string? reason);

    [LoggerMessage(12, LogLevel.Warning, "{File} cannot be written, and is tried again: {Reason}")]
    public static partial void CannotWrite(this ILogger log, string file, string reason);

    [LoggerMessage(13, LogLevel.Error, "Run {RunId}: a fault of the agent itself; its lease is left to end")]
    public static partial void RunFault(this ILogger log, Exception fault, Guid runId);

    [LoggerMessage(14, LogLevel.Error, "The loop '{Loop}' had a fault and goes on")]
    public static partial void LoopFault(this ILogger log, Exception fault, string loop);

    [LoggerMessage(17, LogLevel.Information, "The files of {Runs} runs that ended more than {Days} days ago are removed")]
    public static partial void Cleared(this ILogger log, int runs, double days);

    [LoggerMessage(15, LogLevel.Information, "Run {RunId} left {Bytes} bytes of half a line at its journal's end: it was killed while it wrote")]
    public static partial void TornJournal(this ILogger log, Guid runId, long bytes);

    [LoggerMessage(19, LogLevel.Information, "Run {RunId} is job {JobId} of cluster profile '{Profile}' (submitted before: {WasFound})")]
    public static partial void Submitted(this ILogger log, Guid runId, long jobId, string profile, bool wasFound);

    [LoggerMessage(20, LogLevel.Warning, "Run {RunId}: whether its job was accepted is not known yet, and is asked until it is: {Reason}")]
    public static partial void JobNotFoundYet(this ILogger log, Guid runId, string reason);

    [LoggerMessage(18, LogLevel.Error, "Run {RunId}: jobs on the cluster may not be ended: {Reason}")]
    public static partial void JobsLeft(this ILogger log, Guid runId, string reason);
}
