namespace Holoflow.Api.Tests.Fixture;

/// <summary>For what a reader that has only just begun may miss, and nobody can tell when it has begun.</summary>
static class Again
{
    /// <summary>Does something again and again until it was seen.</summary>
    public static async Task<T> UntilSeen<T>(Task<T> seen, Func<Task> act)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!seen.IsCompleted)
        {
            await act();
            _ = await Task.WhenAny(seen, tick.WaitForNextTickAsync(TestContext.Current.CancellationToken).AsTask());
        }

        return await seen;
    }
}
