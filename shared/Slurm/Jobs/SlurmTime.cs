namespace Holoflow.Slurm.Jobs;

/// <summary>Times as Slurm prints them with SLURM_TIME_FORMAT=%s.</summary>
static class SlurmTime
{
    // Slurm writes a year from now for "some day"; such a start is not an estimate.
    static readonly TimeSpan SomeDay = TimeSpan.FromDays(360);

    /// <summary>Seconds since 1970; null for N/A, NONE, Unknown and 0.</summary>
    public static DateTimeOffset? Unix(string text) => long.TryParse(text, out var seconds) ? Unix(seconds) : null;

    public static DateTimeOffset? Unix(long seconds) => seconds is > 0 and < 253402300799 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>A start that is near enough to be an estimate.</summary>
    public static DateTimeOffset? Estimate(DateTimeOffset? start, DateTimeOffset now) => start is { } at && at > now && at - now < SomeDay ? at : null;
}
