namespace Holoflow.Sdk.Tests.Support;

/// <summary>Waits for what another process does, with the test's own end as the limit.</summary>
static class Waiting
{
    public static async Task Until(Func<bool> condition, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            while (!condition())
                await Task.Delay(20, limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"waited in vain until {what}", e);
        }
    }
}
