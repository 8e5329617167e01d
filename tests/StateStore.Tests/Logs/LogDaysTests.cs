using Holoflow.LogIngest;
using Holoflow.LogIngest.Days;

namespace Holoflow.StateStore.Tests.Logs;

/// <summary>Which days of the log go.</summary>
public sealed class LogRetentionTests
{
    const int Today = 20_000;

    static readonly LogDay[] Days = [.. Enumerable.Range(Today - 9, 13).Select(d => new LogDay(d, d <= Today ? 100 : 10))];

    [Fact]
    public void All_days_stay_where_nothing_is_said() => Assert.Empty(LogRetention.Decide(Days, Today, new LogIngestOptions()));

    [Fact]
    public void Old_days_go_oldest_first() =>
        Assert.Equal([Today - 9, Today - 8], LogRetention.Decide(Days, Today, new LogIngestOptions { KeepDays = 7 }));

    [Fact]
    public void As_many_days_go_as_are_too_much() =>
        Assert.Equal([Today - 9, Today - 8, Today - 7], LogRetention.Decide(Days, Today, new LogIngestOptions { KeepBytes = 730 }));

    [Fact]
    public void Yesterday_and_today_stay_however_large_they_are() =>
        Assert.Equal([.. Enumerable.Range(Today - 9, 8)], LogRetention.Decide(Days, Today, new LogIngestOptions { KeepBytes = 0, KeepDays = 0 }));
}
