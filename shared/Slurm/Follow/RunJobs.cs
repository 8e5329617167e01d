using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Queue;

namespace Holoflow.Slurm.Follow;

/// <summary>The jobs of a run, found by their names, whoever submitted them.</summary>
/// <param name="site">The site.</param>
/// <param name="time">The clock.</param>
public sealed class RunJobs(SlurmSite site, TimeProvider time)
{
    static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <summary>Cancels the jobs of a run that are not over, and waits until Slurm has none of them any more.</summary>
    /// <param name="run">The run.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null where none is left; else why that is not certain, in plain words.</returns>
    public Task<string?> End(Guid run, TimeSpan patience, CancellationToken cancellation) => End(queue => queue.LeftOf(run), patience, cancellation);

    /// <inheritdoc cref="End(Guid, TimeSpan, CancellationToken)"/>
    /// <param name="which">The ids of those that are to end, of what Slurm has.</param>
    public async Task<string?> End(Func<QueueAnswer, IReadOnlyList<long>> which, TimeSpan patience, CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        for (string? fault = null; ; await Task.Delay(Between, time, cancellation))
        {
            var queue = await site.Queue(cancellation);
            if (queue.Kind == AnswerKind.Missing || (queue.Value is { } now && which(now).Count == 0))
                return null;
            if (queue.Value is { } answer && fault is null)
                fault = await site.Cancel(which(answer).Select(job => (job, (int?)null)), cancellation);
            if (time.GetElapsedTime(since) >= patience)
                return queue.Value is { } last ? $"jobs {string.Join(", ", which(last))} are still there{(fault is null ? "" : $" ({fault})")}" : $"whether jobs are left cannot be told: {queue.Words}";
        }
    }
}
