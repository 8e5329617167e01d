namespace Holoflow.Dashboard.Tests.Fixture;

/// <summary>A clock that stands where it is set, so that what is drawn of times is the same whenever it is drawn. Its timers run.</summary>
sealed class SettableTime(DateTimeOffset start) : TimeProvider
{
    long _ticks = start.UtcTicks;

    public void Set(DateTimeOffset now) => Volatile.Write(ref _ticks, now.UtcTicks);

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);
}
