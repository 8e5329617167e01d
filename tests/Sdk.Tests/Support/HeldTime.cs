namespace Holoflow.Sdk.Tests.Support;

/// <summary>A clock on which an hour, and whatever is longer, is over when a test says so; what is shorter takes its time.</summary>
sealed class HeldTime : TimeProvider
{
    static readonly TimeSpan Long = TimeSpan.FromHours(1);

    readonly Lock _lock = new();
    readonly List<ITimer> _held = [];
    bool _isOver;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < Long)
            return base.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
        {
            var timer = base.CreateTimer(callback, state, _isOver ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _held.Add(timer);
            return timer;
        }
    }

    /// <summary>Lets the time be over for all who wait for it, or come to.</summary>
    public void LetPass()
    {
        lock (_lock)
        {
            _isOver = true;
            // One that was disposed of stays silent.
            foreach (var timer in _held)
                _ = timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
