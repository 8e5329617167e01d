namespace Holoflow.Messaging.RabbitMq;

/// <summary>Says that there is something to look at; many at once count as one.</summary>
sealed class Signal
{
    readonly SemaphoreSlim _pulse = new(0, 1);

    public void Pulse()
    {
        lock (_pulse)
        {
            if (_pulse.CurrentCount == 0)
                _pulse.Release();
        }
    }

    /// <summary>True where there was a pulse since the last wait; false where the time is over.</summary>
    public Task<bool> Wait(TimeSpan longest, CancellationToken cancellation) => _pulse.WaitAsync(longest, cancellation);
}
