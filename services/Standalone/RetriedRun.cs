using Holoflow.Contracts;

namespace Holoflow.Standalone;

/// <summary>
/// A run of an earlier <c>holoflow run</c>, attempted again by this process: the queue that it is in was that process's alone, and no
/// agent takes from it any more.
/// </summary>
public sealed class RetriedRun : IAsyncDisposable
{
    readonly Standalone _standalone;

    RetriedRun(Standalone standalone, Uri api)
    {
        _standalone = standalone;
        Api = api;
    }

    /// <summary>Where the run can be followed.</summary>
    public Uri Api { get; }

    /// <summary>True where a run in this queue waits for ever unless it is carried like this.</summary>
    public static bool IsNeededFor(string queue) => Contracts.PrivateQueue.Is(queue);

    /// <summary>Starts the services on the run's state directory and has it attempted again.</summary>
    /// <param name="home">The state directory.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="queue">The queue that the run is in.</param>
    /// <param name="reason">Why; null: nothing is said.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StandaloneStartException">The services cannot be started, or the run is not to be retried; the message says why.</exception>
    public static async Task<RetriedRun> StartAsync(string home, Guid run, string queue, string? reason, TimeProvider time, CancellationToken cancellation = default)
    {
        var standalone = await Standalone.StartAsync(StandaloneOptions.ForOneRun(home) with { RunQueue = queue, WaitForApi = true, Time = time }, cancellation);
        try
        {
            var answer = await standalone.RetryOwnAsync(run, reason, cancellation);
            if (answer.Outcome == CommandOutcome.NotFound)
                throw new StandaloneStartException($"the run was made by 'holoflow run' on another state directory than '{home}': retry it there");
            if (answer.Outcome is not (CommandOutcome.Accepted or CommandOutcome.Ignored))
                throw new StandaloneStartException(answer.Reason ?? "the run is not to be retried");
            return new RetriedRun(standalone, await standalone.ApiStarted ?? throw new InvalidOperationException("the API was not asked for"));
        }
        catch
        {
            await standalone.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the processes of the run, without grace.</summary>
    public Task KillAsync() => _standalone.KillRunsAsync();

    public ValueTask DisposeAsync() => _standalone.DisposeAsync();
}
