namespace Holoflow.Sdk;

/// <summary>How long to wait before each retry: a pure function of the retry's number and a random number.</summary>
public sealed class RetryDelays
{
    readonly TimeSpan[] _list;
    readonly double _factor;
    readonly double _jitter;
    readonly TimeSpan _longest;

    RetryDelays(TimeSpan[] list, double factor, double jitter, TimeSpan longest)
    {
        _list = list;
        _factor = factor;
        _jitter = jitter;
        _longest = longest;
    }

    /// <summary>At once.</summary>
    public static RetryDelays None { get; } = new([TimeSpan.Zero], 1, 0, TimeSpan.Zero);

    /// <summary>The first before the first retry, and so on; the last one stands for all further retries.</summary>
    public static RetryDelays Fixed(params ReadOnlySpan<TimeSpan> delays) =>
        delays.IsEmpty ? None : new(delays.ToArray(), 1, 0, TimeSpan.MaxValue);

    /// <summary>
    /// <paramref name="first"/> × <paramref name="factor"/>^(retry − 1), at most <paramref name="longest"/>, moved at random by up to
    /// <paramref name="jitter"/> (0 to 1) of itself up or down, so that many failed tasks do not come back in one crowd.
    /// </summary>
    public static RetryDelays Exponential(TimeSpan first, double factor = 2, double jitter = 0.1, TimeSpan? longest = null) =>
        new([first], factor, jitter, longest ?? TimeSpan.FromHours(1));

    /// <summary>The wait before a retry.</summary>
    /// <param name="retry">Which retry, from 1.</param>
    /// <param name="random">From 0 to 1.</param>
    public TimeSpan Before(int retry, double random)
    {
        var nominal = _list[Math.Min(retry, _list.Length) - 1].TotalSeconds * Math.Pow(_factor, Math.Max(0, retry - _list.Length));
        var moved = Math.Min(nominal, _longest.TotalSeconds) * (1 + _jitter * (2 * random - 1));
        return moved >= _longest.TotalSeconds ? _longest : TimeSpan.FromSeconds(moved);
    }

    internal IEnumerable<string> Mistakes()
    {
        if (_list.Any(delay => delay < TimeSpan.Zero))
            yield return "a retry delay is negative";
        if (!double.IsFinite(_factor) || _factor < 1)
            yield return $"the factor of the retry delays must be at least 1, not {_factor}";
        if (_jitter is not (>= 0 and <= 1))
            yield return $"the jitter of the retry delays must be from 0 to 1, not {_jitter}";
    }
}
