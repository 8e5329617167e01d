using Holoflow.Api.Access;
using Holoflow.Api.Edge;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Events;

/// <summary>Bounds how many streams are open, and ends them when the server stops.</summary>
sealed class StreamGate(int maximum, CancellationToken stopping)
{
    int _open;

    public int Open => Volatile.Read(ref _open);

    /// <param name="http">The stream's request.</param>
    /// <param name="stream">Writes until it is cancelled: the reader went away, its API token is taken no longer, or the server stops.</param>
    public async Task Run(HttpContext http, Func<CancellationToken, Task> stream)
    {
        if (Interlocked.Increment(ref _open) > maximum)
        {
            _ = Interlocked.Decrement(ref _open);
            throw RefusedException.Of(503, "Not available", $"{maximum} streams are open already");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping, Door.GrantOf(http)?.Ended ?? CancellationToken.None);
        try
        {
            await stream(ending.Token);
        }
        catch (OperationCanceledException) when (http.Response.HasStarted)
        {
            // The stream's only end: somebody left.
        }
        finally
        {
            _ = Interlocked.Decrement(ref _open);
        }
    }
}
