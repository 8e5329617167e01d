using Holoflow.Agent.Follow;
using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Tests;

/// <summary>A line that is drawn over again and again, and ended at last or never: a progress bar.</summary>
public sealed class DrawnOverTests : IDisposable
{
    const int Drawn = -4;

    readonly TemporaryHome _home = new();
    readonly SettableClock _clock = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_progress_bar_is_seen_before_its_line_ends_which_is_stored_whole_as_ever()
    {
        await using var bench = await AgentBench.Start(o => o with { RedrawEvery = TimeSpan.FromMilliseconds(20) });
        var run = await bench.Submit($"printf '10%%\\r20%%\\r'; {Until("go-0")}; printf '30%%\\r'; {Until("go-1")}; printf '100%%\\n'");
        await bench.Store.Until(() => run.Lines.Any(l => l.Text == "20%"));
        await Go("go-0");
        await bench.Store.Until(() => run.Lines.Any(l => l.Text == "30%"));
        await Go("go-1");
        await bench.Store.End(run);
        Assert.Equal([(Drawn, 7L, "20%"), (Drawn, 11L, "30%"), (1, 1L, "10%\r20%\r30%\r100%")], run.Lines.OrderBy(l => l.Source).ThenBy(l => l.Number).Select(l => (l.Source, l.Number, l.Text)));

        string Until(string name) => $"while [ ! -e {bench.Home.In(name)} ]; do sleep 0.02; done";
        Task Go(string name) => File.WriteAllTextAsync(bench.Home.In(name), "", TestContext.Current.CancellationToken);
    }

    [Fact]
    public void It_is_told_once_a_second_at_most_and_more_rarely_the_longer_it_goes_on()
    {
        var directory = Directory();
        using var feed = Feed(directory, new ShippedState());
        var told = new List<double>();
        for (var tenth = 0; tenth < 10 * 3600; tenth++)
        {
            File.AppendAllText(directory.Stdout(1), $"{tenth} of many\r");
            if (Lines(feed).Where(l => l.Source == Drawn).ToList() is [var line])
            {
                Assert.Equal((Drawn, $"{tenth} of many"), (line.Source, line.Text));
                told.Add(tenth / 10.0);
            }

            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal([1, 2, 3], told.Take(3));
        Assert.All(told.Zip(told.Skip(1), (one, next) => next - one), pause => Assert.InRange(pause, 0.99, 10.11));
        Assert.InRange(told.Count, 350, 450);
    }

    [Fact]
    public void What_stands_still_is_told_once()
    {
        var directory = Directory();
        using var feed = Feed(directory, new ShippedState());
        File.WriteAllText(directory.Stdout(1), "waiting \\\rwaiting /\r");
        Assert.Equal(["waiting /"], Told(feed, seconds: 60).Select(l => l.Text));
    }

    [Theory]
    [InlineData("half a line")]
    [InlineData("a whole line\n")]
    [InlineData("10%\r20%\n")]
    [InlineData("10%\r20%\rdone\nhalf a line")]
    public void A_line_that_is_not_drawn_over_is_told_when_it_ends(string printed)
    {
        var directory = Directory();
        using var feed = Feed(directory, new ShippedState());
        File.WriteAllText(directory.Stdout(1), printed);
        Assert.DoesNotContain(Told(feed, seconds: 60), line => line.Source == Drawn);
    }

    [Fact]
    public void A_bar_of_many_kilobytes_is_told_of_as_well()
    {
        var directory = Directory();
        using var feed = Feed(directory, new ShippedState());
        File.WriteAllText(directory.Stdout(1), string.Concat(Enumerable.Range(0, 40_000).Select(i => $"\r{i} of many")));
        var lines = Told(feed, seconds: 60);
        Assert.Equal(["39999 of many"], lines.Where(l => l.Source == Drawn).Select(l => l.Text));
        Assert.EndsWith(LogText.CutMark, Assert.Single(lines, l => l.Source == 1).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_that_forgot_what_it_told_tells_the_same_by_the_same_numbers_and_no_line_is_lost()
    {
        var directory = Directory();
        File.WriteAllText(directory.Stdout(1), "first\n10%\r20%\r");
        var stored = new Dictionary<(int, long), string>();
        ShippedState remembered;
        using (var before = Feed(directory, new ShippedState()))
        {
            remembered = before.Collect(final: false).After;
            Store(Told(before, seconds: 60));
        }

        // Killed before it could remember what it had told.
        using (var restarted = Feed(directory, remembered))
        {
            Store(Told(restarted, seconds: 60));
            File.AppendAllText(directory.Stdout(1), "30%\r");
            Store(Told(restarted, seconds: 60));
            File.AppendAllText(directory.Stdout(1), "100%\nlast");
            Store(restarted.Collect(final: true).Lines);
        }

        Assert.Equal(
            [((Drawn, 13L), "20%"), ((Drawn, 17L), "30%"), ((1, 2L), "10%\r20%\r30%\r100%"), ((1, 3L), "last")],
            stored.OrderBy(line => line.Key).Select(line => (line.Key, line.Value)));

        // As log ingest does: the first of a number stays. A second one of it must say the same.
        void Store(IEnumerable<LogLine> lines)
        {
            foreach (var line in lines)
                Assert.Equal(line.Text, stored.TryAdd((line.Source, line.Number), line.Text) ? line.Text : stored[(line.Source, line.Number)]);
        }
    }

    RunDirectory Directory()
    {
        var directory = new RunDirectory(_home.In("run"));
        System.IO.Directory.CreateDirectory(directory.Path);
        return directory;
    }

    RunFeed Feed(RunDirectory directory, ShippedState from) => new(directory, 1, from, new AgentOptions { Name = "tester", Home = _home.Path, Queues = ["default"] }, _clock);

    static IReadOnlyList<LogLine> Lines(RunFeed feed) => feed.Collect(final: false).Lines;

    List<LogLine> Told(RunFeed feed, int seconds)
    {
        var told = new List<LogLine>();
        for (var second = 0; second < seconds; second++)
        {
            told.AddRange(Lines(feed));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        return told;
    }

    sealed class SettableClock : TimeProvider
    {
        DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public void Advance(TimeSpan span) => _now += span;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
