namespace Holoflow.Stack.Tests;

/// <summary>Waits for what other processes bring about and nothing tells of.</summary>
static class Polling
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until it is so, or the test is over.</summary>
    public static async Task Until(Func<Task<bool>> isSo)
    {
        using var tick = new PeriodicTimer(Interval);
        while (!await isSo())
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}
