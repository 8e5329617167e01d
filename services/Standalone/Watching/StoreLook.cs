using Holoflow.Contracts;
using Holoflow.Persistence;
using Holoflow.ReadModel.FlowRuns;

namespace Holoflow.Standalone.Watching;

/// <summary>
/// Looks into the store for what no message of this process told: another process on the same file may have ended the run.
/// </summary>
sealed class StoreLook : IAsyncDisposable
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    readonly CancellationTokenSource _stopping = new();
    readonly Task _loop;

    public StoreLook(Database database, Guid runId, RunWatch watch, TimeProvider time) =>
        _loop = Task.Run(() => Loop(new FlowRunDetails(database), runId, watch, time));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    async Task Loop(FlowRunDetails runs, Guid runId, RunWatch watch, TimeProvider time)
    {
        using var tick = new PeriodicTimer(Every, time);
        while (await tick.WaitForNextTickAsync(_stopping.Token))
        {
            if (await runs.Find(runId, _stopping.Token) is not { } run)
                continue;
            watch.Changed(new RunStateChanged
            {
                RunId = run.Id,
                Version = run.Version,
                RunName = run.Name,
                FlowName = run.FlowName,
                Queue = run.Queue,
                StateType = run.StateType,
                StateName = run.StateName,
                Message = run.StateMessage,
                At = run.StateAt,
            });
        }
    }
}
