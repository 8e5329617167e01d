using FsCheck;
using FsCheck.Fluent;
using Holoflow.Cli.Input;

namespace Holoflow.Cli.Tests.Input;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("1.5", 1.5)]
    [InlineData("0", 0)]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("5min", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("1h 30m 5s", 5405)]
    [InlineData("2d", 172_800)]
    [InlineData("1w", 604_800)]
    [InlineData("250ms", 0.25)]
    [InlineData("0:01:30", 90)]
    [InlineData("25:00:00", 90_000)]
    [InlineData("PT1H30M", 5400)]
    [InlineData("pt90s", 90)]
    [InlineData("P1D", 86_400)]
    [InlineData("P1DT12H", 129_600)]
    public void Reads_what_people_type(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("5x")]
    [InlineData("m")]
    [InlineData("1m30m")]
    [InlineData("30m1h")]
    [InlineData("1:2:3")]
    [InlineData("0:61:00")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1M")]
    [InlineData("1e9")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("99999999999999")]
    [InlineData("200y")]
    public void Refuses_the_rest(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Whole_units_are_read_as_their_sum() => Prop.ForAll(
        Gen.Choose(0, 30).Four().ToArbitrary(),
        parts =>
        {
            var (days, hours, minutes, seconds) = parts;
            return DurationText.TryParse($"{days}d{hours}h{minutes}m{seconds}s", out var duration)
                && duration == new TimeSpan(days, hours, minutes, seconds);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0.25, "250 ms")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(125, "2 min 5 s")]
    [InlineData(7_500, "2 h 5 min")]
    [InlineData(200_000, "2 d 7 h")]
    [InlineData(-3, "-3.0 s")]
    public void Is_shown_in_its_two_largest_units(double seconds, string shown) => Assert.Equal(shown, DurationText.Format(TimeSpan.FromSeconds(seconds)));
}
