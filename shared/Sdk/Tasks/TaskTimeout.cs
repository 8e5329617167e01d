namespace Holoflow.Sdk;

/// <summary>Ends an execution that takes too long, also one that blocks its thread or does not heed its token.</summary>
static class TaskTimeout
{
    // As long as a cancelled flow has: a command that does not heed SIGTERM takes 10 s of it by default, and a machine with too much to do some.
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public static async Task<T> Limit<T>(TaskContext context, TimeSpan timeout, Func<TaskContext, ValueTask<T>> body)
    {
        using var limit = new CancellationTokenSource(timeout, context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.Cancellation);
        context.Cancellation = linked.Token;
        var work = Task.Run(() => body(context).AsTask(), CancellationToken.None);
        var over = Task.Delay(Timeout.InfiniteTimeSpan, context.Time, limit.Token);
        await Task.WhenAny(work, over);
        if (limit.IsCancellationRequested)
            await Task.WhenAny(work, Task.Delay(Grace, context.Time, CancellationToken.None));
        if (!work.IsCompleted)
            throw new TaskStillRunsException($"took longer than its timeout of {timeout}, and goes on: it did not heed its cancellation token within {Grace}; it is not retried while it may still run");
        if (work.IsCompletedSuccessfully || !limit.IsCancellationRequested)
            return await work;
        throw new TaskTimedOutException($"took longer than its timeout of {timeout}");
    }
}
