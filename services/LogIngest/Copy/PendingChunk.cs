using Holoflow.Contracts;

namespace Holoflow.LogIngest.Copy;

/// <summary>A chunk that waits for its batch.</summary>
sealed class PendingChunk(LogChunk chunk)
{
    readonly TaskCompletionSource<int?> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LogChunk Chunk => chunk;

    public Task<int?> Stored => _stored.Task;

    public void Complete(int? lines) => _stored.TrySetResult(lines);

    public void Fail(Exception reason) => _stored.TrySetException(reason);
}
