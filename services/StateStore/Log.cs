using Microsoft.Extensions.Logging;

namespace Holoflow.StateStore;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Run {RunId}: {Count} journal entries made no sense and were dropped; {First}")]
    public static partial void EntriesDropped(ILogger logger, Guid runId, int count, string first);

    [LoggerMessage(2, LogLevel.Information, "Sweep: {LeasesExpired} leases expired, {MarkedLate} runs are late, {ExpiredLate} runs were skipped")]
    public static partial void Swept(ILogger logger, int leasesExpired, int markedLate, int expiredLate);
}
