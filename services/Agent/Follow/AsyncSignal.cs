namespace Holoflow.Agent.Follow;

/// <summary>Wakes one waiter; pulses that come before it waits are one.</summary>
sealed class AsyncSignal
{
    // Without a wait handle there is nothing to dispose of, and late pulses are harmless.
    readonly SemaphoreSlim _semaphore = new(0);

    public void Pulse()
    {
        // Two pulses at once may both pass: the waiter then looks once more than it had to.
        if (_semaphore.CurrentCount == 0)
            _semaphore.Release();
    }

    /// <summary>Returns at the next pulse, or after the time: the waiter looks around in either case.</summary>
    public Task<bool> Wait(TimeSpan atMost, CancellationToken cancellation) => _semaphore.WaitAsync(atMost, cancellation);
}
