using Holoflow.Contracts;

namespace Holoflow.LogIngest;

/// <summary>Where lines are kept.</summary>
interface ILogStore : IAsyncDisposable
{
    /// <summary>
    /// Keeps the lines of a chunk that are not there yet; returns when they are durable. How many lines of the run are new since it was last
    /// told; null where there is no such run (it was deleted: its lines go with it).
    /// </summary>
    Task<int?> Store(LogChunk chunk, CancellationToken cancellation);
}
