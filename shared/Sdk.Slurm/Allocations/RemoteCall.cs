using Holoflow.Sdk.Slurm.Planning;

namespace Holoflow.Sdk.Slurm.Allocations;

/// <summary>A task that the flow wants executed, until it has a result.</summary>
sealed class RemoteCall(RemoteTask task, IRemoteWatch watch, AllocationShape shape, DateTimeOffset at)
{
    readonly TaskCompletionSource<ReadOnlyMemory<byte>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RemoteTask Task => task;

    public IRemoteWatch Watch => watch;

    /// <summary>What an allocation for it has.</summary>
    public AllocationShape Shape => shape;

    /// <summary>When it came, or came back.</summary>
    public DateTimeOffset WaitsSince { get; set; } = at;

    /// <summary>How often it was executed when its allocation ended.</summary>
    public int Losses { get; set; }

    public bool IsCancelled { get; private set; }

    public bool IsOver => _done.Task.IsCompleted;

    public Task<ReadOnlyMemory<byte>> Result => _done.Task;

    public void AskToCancel() => IsCancelled = true;

    public void Complete(ReadOnlyMemory<byte> result) => _done.TrySetResult(result);

    public void Fail(Exception failure) => _done.TrySetException(failure);

    public void EndCancelled() => _done.TrySetException(new OperationCanceledException());
}
