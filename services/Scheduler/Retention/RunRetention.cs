using System.Data.Common;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Persistence;
using Holoflow.ReadModel.Retention;
using Microsoft.Extensions.Logging;

namespace Holoflow.Scheduler.Retention;

/// <summary>
/// Has runs removed that are kept no longer, by the state store, which removes each in small pieces. It goes one run after another, beside the
/// scheduling, so that nothing else waits for it.
/// </summary>
sealed class RunRetention(IMessageBus bus, Database database, SchedulerOptions options, TimeProvider time, ILogger logger)
{
    const int MostAtOnce = 100;
    static readonly TimeSpan Period = TimeSpan.FromHours(1);
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    readonly OldRuns _runs = new(database);

    /// <summary>One pass after the other until it is stopped; returns at once where everything is kept.</summary>
    public async Task Loop(CancellationToken stopping)
    {
        if (options is { KeepRunsFor: null, KeepRunsPerFlow: null })
            return;
        while (!stopping.IsCancellationRequested)
        {
            var removed = await TryRunOnce(stopping);
            await Task.Delay(removed == MostAtOnce ? Pause : Period, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One pass; how many runs were removed.</summary>
    public async Task<int> RunOnce(CancellationToken cancellation)
    {
        var old = new List<Guid>();
        if (options.KeepRunsFor is { } keep)
            old.AddRange(await _runs.Before(time.GetUtcNow() - keep, MostAtOnce, cancellation));
        if (options.KeepRunsPerFlow is { } newest && old.Count < MostAtOnce)
            old.AddRange((await _runs.Beyond(newest, MostAtOnce - old.Count, cancellation)).Except(old));
        var removed = 0;
        foreach (var run in old)
            removed += (await bus.Request(new DeleteRun(run), cancellation)).Outcome == CommandOutcome.Accepted ? 1 : 0;
        if (removed > 0)
            Log.RunsRemoved(logger, removed);
        return removed;
    }

    async Task<int> TryRunOnce(CancellationToken cancellation)
    {
        try
        {
            return await RunOnce(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is DbException or DatabaseException or MessagingException or TimeoutException)
        {
            Log.RetentionFailed(logger, e.Message);
            return 0;
        }
    }
}
