namespace Holoflow.Slurm.Tests.Support;

static class Wait
{
    // Slurm counts a walltime in whole minutes and looks for those that are over every half minute: 90 s pass before it kills.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Asks until there is an answer.</summary>
    public static async Task<T> Until<T>(Func<Task<T?>> ask, Func<string> complaint)
        where T : class
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            try
            {
                await tick.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new InvalidOperationException(complaint(), e);
            }
        }
    }
}
