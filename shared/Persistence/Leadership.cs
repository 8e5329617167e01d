namespace Holoflow.Persistence;

/// <summary>
/// The right of one process at a time to a duty. It lasts while the process and its connection to the database live: whoever dies, or
/// is cut off, loses it at once to the next that waits.
/// </summary>
/// <remarks>The former leader may notice a little later than the next one begins: what a leader does must be harmless when done twice.</remarks>
public abstract class Leadership : IAsyncDisposable
{
    /// <summary>Cancelled when the right is lost.</summary>
    public abstract CancellationToken Lost { get; }

    /// <summary>Gives the right to the next that waits.</summary>
    public abstract ValueTask DisposeAsync();
}
