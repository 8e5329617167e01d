namespace Holoflow.Client.Transport;

/// <summary>Waits longer each time, with jitter, so that clients of a server that comes back do not come all at once.</summary>
sealed class BackOff(TimeProvider time, TimeSpan patience)
{
    static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    long _since = time.GetTimestamp();
    int _tries;

    /// <summary>False when the patience is used up.</summary>
    public bool MayGoOn => time.GetElapsedTime(_since) < patience;

    /// <summary>The server answered: patience and delay start anew.</summary>
    public void Reset()
    {
        _since = time.GetTimestamp();
        _tries = 0;
    }

    /// <param name="wanted">What the server asked for; null: the next delay.</param>
    public Task Wait(TimeSpan? wanted, CancellationToken cancellation)
    {
        var delay = wanted ?? Delay(_tries++, Random.Shared.NextDouble());
        return Task.Delay(delay < Longest ? delay : Longest, time, cancellation);
    }

    /// <summary>The delay after so many tries: doubled each time up to the longest, then between a half and the whole of it.</summary>
    internal static TimeSpan Delay(int tries, double jitter)
    {
        var whole = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(tries, 20)), Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(whole * (0.5 + (0.5 * jitter)));
    }
}
