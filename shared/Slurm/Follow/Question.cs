namespace Holoflow.Slurm.Follow;

/// <summary>A question that may take long to be answered, e.g. while the controller is down: who asks goes on meanwhile, and takes the answer when it is there.</summary>
sealed class Question<T>(Func<CancellationToken, Task<T>> ask, TimeSpan patience, TimeProvider time)
    where T : class
{
    Task<T>? _running;

    public bool IsRunning => _running is not null;

    /// <summary>When the newest question was put.</summary>
    public DateTimeOffset AskedAt { get; private set; } = DateTimeOffset.MinValue;

    public void Begin(CancellationToken cancellation)
    {
        AskedAt = time.GetUtcNow();
        _running = ask(cancellation);
    }

    /// <summary>The answer, once; null where there is none within the patience.</summary>
    public async Task<T?> Take(CancellationToken cancellation)
    {
        if (_running is not { } running)
            return null;
        await Task.WhenAny(running, Task.Delay(patience, time, cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (!running.IsCompleted)
            return null;
        _running = null;
        return await running;
    }
}
