namespace Holoflow.StateStore.Runs;

/// <summary>
/// Whether leases may expire now. After a start, and after a time in which this process did not run (the machine slept, the
/// database was away), agents first get the chance to renew: a run that can be reached is never called Crashed.
/// </summary>
/// <param name="holdOff">How long they get.</param>
/// <param name="longestGap">A longer time between two sweeps means that this process was held up.</param>
/// <param name="time">The clock; only its monotonic part is used.</param>
sealed class LeaseWatch(TimeSpan holdOff, TimeSpan longestGap, TimeProvider time)
{
    long _since = time.GetTimestamp();
    long _last = time.GetTimestamp();

    public bool MayExpireLeases()
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_last, now) > longestGap)
            _since = now;
        _last = now;
        return time.GetElapsedTime(_since, now) >= holdOff;
    }
}
