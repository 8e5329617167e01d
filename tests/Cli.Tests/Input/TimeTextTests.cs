using Holoflow.Cli.Input;

namespace Holoflow.Cli.Tests.Input;

public sealed class TimeTextTests
{
    static readonly FixedClock Perth = new("2026-11-22T10:08:00Z", "Australia/Perth");
    static readonly FixedClock Berlin = new("2026-03-29T00:30:00Z", "Europe/Berlin");

    [Theory]
    [InlineData("now", "2026-11-22T10:08:00Z")]
    [InlineData("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z")]
    [InlineData("2026-11-22 10:00:00.5+02:00", "2026-11-22T08:00:00.5Z")]
    [InlineData("2026-11-22T10:00Z", "2026-11-22T10:00:00Z")]
    [InlineData("2026-11-22T10:00", "2026-11-22T02:00:00Z")]
    [InlineData("2026-11-22 10:00", "2026-11-22T02:00:00Z")]
    [InlineData("2026-11-22", "2026-11-21T16:00:00Z")]
    [InlineData("18:30", "2026-11-22T10:30:00Z")]
    [InlineData("18:00", "2026-11-23T10:00:00Z")]
    public void Reads_a_time_ahead(string text, string utc)
    {
        Assert.True(TimeText.TryParseAhead(text, Perth, out var time));
        Assert.Equal(DateTimeOffset.Parse(utc), time);
    }

    [Theory]
    [InlineData("2h", "2026-11-22T08:08:00Z")]
    [InlineData("18:30", "2026-11-21T10:30:00Z")]
    [InlineData("18:00", "2026-11-22T10:00:00Z")]
    [InlineData("2026-11-20", "2026-11-19T16:00:00Z")]
    public void Reads_a_time_behind(string text, string utc)
    {
        Assert.True(TimeText.TryParseBehind(text, Perth, out var time));
        Assert.Equal(DateTimeOffset.Parse(utc), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-29")]
    [InlineData("22/11/2026")]
    [InlineData("25:00")]
    [InlineData("2026-11-22T10:00:00 Z extra")]
    public void Refuses_the_rest(string text)
    {
        Assert.False(TimeText.TryParseAhead(text, Perth, out _));
        Assert.False(TimeText.TryParseBehind(text, Perth, out _));
    }

    [Fact]
    public void A_local_time_that_the_clock_change_skips_is_refused() => Assert.False(TimeText.TryParseAhead("2026-03-29T02:30", Berlin, out _));
}
