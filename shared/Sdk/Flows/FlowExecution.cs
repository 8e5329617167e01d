namespace Holoflow.Sdk;

/// <summary>How a flow's method ended.</summary>
sealed record FlowOutcome<T>(RunState State, Exception? Failure, T? Result);

/// <summary>
/// Executes a flow's method: in its own context, within its time, until it and every task that it submitted have ended.
/// A task that failed and that nobody looked at fails the flow.
/// </summary>
static class FlowExecution
{
    static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(30);

    public static async Task<FlowOutcome<T>> Execute<T>(FlowRun run, Func<FlowContext, Task<T>> body)
    {
        using var limit = run.LimitTime();
        var context = new FlowContext(run);
        context.MakeCurrent();
        try
        {
            run.Cancellation.ThrowIfCancellationRequested();
            // The method may block before its first await: it gets a thread of its own, and a cancelled run does not wait for ever.
            var work = Task.Run(() => body(context), CancellationToken.None);
            await UntilStopped(run, work);
            await UntilStopped(run, run.AllEnded());
            return run.UnseenFailures() is { Count: > 0 } failures
                ? Failed<T>(TasksFailed(failures))
                : await work is var result && run.WasCancelled ? Cancelled<T>(run, null) : new FlowOutcome<T>(RunState.Completed, null, result);
        }
        catch (Exception e)
        {
            await UntilStopped(run, run.AllEnded()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return run.Cancellation.IsCancellationRequested ? Cancelled<T>(run, e) : Failed<T>(e);
        }
        finally
        {
            context.Finish();
        }
    }

    static FlowOutcome<T> Failed<T>(Exception failure) =>
        new(RunState.Of(RunStateType.Failed, $"{failure.GetType().Name}: {failure.Message}"), failure, default);

    static FlowOutcome<T> Cancelled<T>(FlowRun run, Exception? failure)
    {
        if (run.TimedOut)
            return new FlowOutcome<T>(RunState.TimedOut($"took longer than its timeout of {run.Flow.Timeout}"), failure, default);
        return failure is null or OperationCanceledException or UpstreamFailedException or FlowStillRunsException
            ? new FlowOutcome<T>(RunState.Of(RunStateType.Cancelled, failure is FlowStillRunsException ? failure.Message : run.CancelReason), failure, default)
            : new FlowOutcome<T>(RunState.Of(RunStateType.Cancelled, $"{run.CancelReason}; while it stopped: {failure.GetType().Name}: {failure.Message}"), failure, default);
    }

    static TasksFailedException TasksFailed(IReadOnlyList<TaskExecution> failures)
    {
        const int Shown = 5;
        var named = string.Join("; ", failures.Take(Shown).Select(task => $"{task.RunName}: {task.State.Message}"));
        var more = failures.Count > Shown ? $"; and {failures.Count - Shown} more" : "";
        return new TasksFailedException($"{failures.Count} task(s) failed: {named}{more}", failures.Select(task => task.Failure!));
    }

    /// <summary>Waits for the work; once the run is cancelled, only for a while longer.</summary>
    static async Task UntilStopped(FlowRun run, Task work)
    {
        if (work.IsCompleted)
        {
            await work;
            return;
        }
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (run.Cancellation.Register(() => cancelled.TrySetResult()))
        {
            await Task.WhenAny(work, cancelled.Task);
            if (!work.IsCompleted)
                await Task.WhenAny(work, Task.Delay(CancellationGrace, run.Session.Time, CancellationToken.None));
        }
        if (!work.IsCompleted)
            throw new FlowStillRunsException($"{run.CancelReason}; it did not heed its cancellation token within {CancellationGrace.TotalSeconds:0} s and was ended by force");
        await work;
    }
}

/// <summary>A cancelled flow did not stop.</summary>
sealed class FlowStillRunsException(string message) : Exception(message);
