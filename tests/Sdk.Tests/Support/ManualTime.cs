namespace Holoflow.Sdk.Tests.Support;

/// <summary>A clock whose hands are moved by a test; its timers are the system's.</summary>
sealed class ManualTime : TimeProvider
{
    long _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _passed);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _passed, by.Ticks);
}
