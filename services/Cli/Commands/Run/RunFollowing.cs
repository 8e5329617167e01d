using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Live;
using Holoflow.Client;
using Holoflow.Standalone.Watching;

namespace Holoflow.Cli.Commands.Run;

/// <summary>What a watched run can be asked.</summary>
/// <param name="Updates">What it does, until <see cref="RunEnded"/>.</param>
/// <param name="Cancel">Asks for its cancellation; null: it is only looked at, and Ctrl-C ends the looking.</param>
/// <param name="Hurry">Ends it the hard way; null: nothing can be done from here.</param>
/// <param name="Waits">Tells why it waits; null: it waits for nobody else.</param>
sealed record WatchedRun(IAsyncEnumerable<RunUpdate> Updates, Func<Task>? Cancel = null, Func<Task>? Hurry = null, WaitWord? Waits = null);

/// <summary>Shows a run until it has ended, and carries Ctrl-C to it.</summary>
static class RunFollowing
{
    static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Watches a run of a server; Ctrl-C cancels it.</summary>
    public static Task<int> OnServer(HoloflowClient client, Guid run, IRunPresenter presenter, CommandContext context) => Watch(
        Looked(client, run, context) with { Cancel = () => client.FlowRuns.Cancel(run, "Ctrl-C") },
        presenter,
        context.Interrupts);

    /// <summary>A run of a server that is only looked at.</summary>
    public static WatchedRun Looked(HoloflowClient client, Guid run, CommandContext context, bool logs = true) =>
        new(client.FlowRuns.Follow(run, logs), Waits: new WaitWord(() => client.FlowRuns.Why(run), context.Clock));

    /// <summary>Watches a run; the result is the exit code.</summary>
    public static async Task<int> Watch(WatchedRun run, IRunPresenter presenter, Interrupts interrupts)
    {
        using var ticks = new PeriodicTimer(TickEvery);
        using var leaving = new CancellationTokenSource();
        await using var updates = run.Updates.GetAsyncEnumerator(leaving.Token);
        var next = updates.MoveNextAsync().AsTask();
        var tick = ticks.WaitForNextTickAsync().AsTask();
        var first = interrupts.WaitForFirst();
        var second = interrupts.WaitForSecond();
        FlowRunRow? ended = null;
        while (ended is null)
        {
            var done = await Task.WhenAny(next, first, second, tick);
            if (done == next)
            {
                if (!await next)
                    throw CommandException.Failed("the server stopped telling of the run before it ended (holoflow flow-run inspect shows it)");
                run.Waits?.Take(updates.Current);
                if (updates.Current is ProcessSaid(var text))
                    presenter.Say(text);
                else
                    presenter.Show(updates.Current);
                ended = (updates.Current as RunEnded)?.Run;
                next = ended is null ? updates.MoveNextAsync().AsTask() : next;
            }
            else if (done == tick)
            {
                if (run.Waits?.Look() is { } reasons)
                    presenter.Say(reasons);
                presenter.Tick();
                tick = ticks.WaitForNextTickAsync().AsTask();
            }
            else if (done == first)
            {
                first = Never();
                if (run.Cancel is null)
                    return await Leave(leaving, next);
                presenter.Say(run.Hurry is null ? "cancelling the run; Ctrl-C again stops waiting for it" : "cancelling the run; Ctrl-C again kills its processes");
                await Try(run.Cancel, presenter);
            }
            else
            {
                second = Never();
                if (run.Hurry is null)
                    return await Leave(leaving, next);
                presenter.Say("killing the processes of the run");
                await Try(run.Hurry, presenter);
            }
        }
        return ExitCode(ended.State.Type, interrupts.First.IsCancellationRequested);
    }

    // A source that is still being read cannot be closed.
    static async Task<int> Leave(CancellationTokenSource leaving, Task next)
    {
        await leaving.CancelAsync();
        await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCodes.Interrupted;
    }

    static int ExitCode(RunStateType ended, bool interrupted) =>
        interrupted ? ExitCodes.Interrupted : ended == RunStateType.Completed ? ExitCodes.Done : ExitCodes.Failed;

    // The run may end while the request is on its way: that it was refused then is no news.
    static async Task Try(Func<Task> ask, IRunPresenter presenter)
    {
        try
        {
            await ask();
        }
        catch (ApiRefusedException e)
        {
            presenter.Say(e.Message);
        }
        catch (ApiUnreachableException e)
        {
            presenter.Say(e.Message);
        }
    }

    static Task Never() => new TaskCompletionSource().Task;
}
