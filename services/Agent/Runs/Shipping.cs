using Holoflow.Agent.Follow;
using Holoflow.Agent.State;
using Holoflow.Contracts;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Runs;

/// <summary>Tells the state store and log ingest what a run writes: in order, acknowledged, remembered on disk.</summary>
/// <param name="record">The run.</param>
/// <param name="context">The agent's parts.</param>
/// <param name="wake">Pulsed when there may be something new.</param>
/// <param name="changed">Called when something in the run directory changes.</param>
/// <param name="ended">Ends when the run's processes are gone.</param>
/// <param name="shipped">Called with what the state store has got.</param>
/// <param name="isHeld">Asks whether the run is held still; where not, the run's cancellation is on its way.</param>
sealed class Shipping(HeldRunRecord record, AgentContext context, AsyncSignal wake, Action changed, Task ended, Action<IReadOnlyList<RunEvent>> shipped, Func<CancellationToken, Task<bool>> isHeld)
{
    /// <summary>Between two looks at files on which there is a watch: a lost event is made good.</summary>
    static readonly TimeSpan SafetyTick = TimeSpan.FromSeconds(1);

    /// <summary>The same where the kernel grants no watch.</summary>
    static readonly TimeSpan TickWithoutWatch = TimeSpan.FromMilliseconds(100);

    readonly RunDirectory _directory = new(record.RunDirectory);
    readonly TimeProvider _time = context.Time;

    /// <summary>Ships until the processes are gone and all is told; returns what is known of the flow's end.</summary>
    public async Task<ShippedState> Run(CancellationToken cancellation)
    {
        var state = ShippedState.Read(_directory.Shipped);
        using var feed = new RunFeed(_directory, record.Attempt, state, context.Options, _time);
        while (true)
        {
            // Asked before the files are read: what is written before the end is then seen.
            var final = ended.IsCompleted;
            var piece = feed.Collect(final);
            if (piece.HasNews)
            {
                await Send(piece, cancellation);
                state = piece.After;
                Remember(state);
                if (!piece.IsFull && !final)
                    await LetGrow(cancellation);
            }
            else if (final)
            {
                if (feed.Torn > 0)
                    context.Log.TornJournal(record.RunId, feed.Torn);
                return state;
            }
            else
            {
                await WaitForNews(feed, cancellation);
            }
        }
    }

    async Task WaitForNews(RunFeed feed, CancellationToken cancellation)
    {
        var watch = context.Watches.Arm(record.RunDirectory, changed);
        try
        {
            // What came before the watch was armed makes no event.
            if (!feed.HasGrown() && !ended.IsCompleted)
                await wake.Wait(watch == DirectoryWatches.None ? TickWithoutWatch : SafetyTick, cancellation);
        }
        finally
        {
            context.Watches.Disarm(watch);
        }
    }

    // A batch goes at once where nothing went before it, and then grows for a moment.
    async Task LetGrow(CancellationToken cancellation)
    {
        await Task.WhenAny(ended, Task.Delay(context.Options.BatchAge, _time, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    async Task Send(Shipment piece, CancellationToken cancellation)
    {
        var lines = piece.Lines.Count == 0 ? Task.CompletedTask : SendLines(piece.Lines, cancellation);
        var events = piece.Events.Count == 0 ? Task.CompletedTask : SendEvents(piece.Events, cancellation);
        await Task.WhenAll(lines, events);
    }

    async Task SendLines(IReadOnlyList<LogLine> lines, CancellationToken cancellation)
    {
        var answer = await context.Requests.Ask(new LogChunk(record.RunId, record.AgentId, lines), cancellation);
        if (answer.Outcome is CommandOutcome.Refused)
            context.Log.BatchRefused(record.RunId, answer.Reason);
    }

    async Task SendEvents(IReadOnlyList<RunEvent> events, CancellationToken cancellation)
    {
        var answer = await context.Requests.Ask(new ReportTasks(record.RunId, record.AgentId, record.Epoch, events), cancellation);
        if (answer.Outcome is CommandOutcome.Accepted or CommandOutcome.Ignored)
        {
            shipped(events);
            return;
        }

        // A run that was taken away is told nothing more; a batch that is refused for what it holds is left out, and the run goes on.
        if (!await isHeld(cancellation))
            await Task.Delay(Timeout.Infinite, cancellation);
        context.Log.BatchRefused(record.RunId, answer.Reason);
    }

    void Remember(ShippedState state)
    {
        try
        {
            state.Write(_directory.Shipped);
        }
        catch (IOException e)
        {
            // Told once more after a restart, and dropped there as known.
            context.Log.CannotWrite(_directory.Shipped, e.Message);
        }
    }
}
