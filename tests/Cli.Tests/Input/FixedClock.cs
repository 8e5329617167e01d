namespace Holoflow.Cli.Tests.Input;

/// <summary>A clock that stands still, in a time zone of choice.</summary>
sealed class FixedClock(string now, string zone = "UTC") : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.FindSystemTimeZoneById(zone);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.Parse(now);
}
