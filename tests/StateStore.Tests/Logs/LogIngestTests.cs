using Holoflow.Contracts;
using Holoflow.LogIngest;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Logs;

public abstract class LogIngestTests : StoreTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chunks_that_come_twice_late_or_crossed_leave_each_line_once()
    {
        await using var store = await Start();
        await using var logs = await Logs(store);
        var run = await store.Started();
        var chunks = Enumerable.Range(0, 20).Select(i => Chunk(run, [.. Enumerable.Range(1 + (i * 5), 10).Select(n => Line(i % 2, n))])).ToList();
        var mixed = chunks.Concat(chunks).ToArray();
        new Random(7).Shuffle(mixed);
        await Task.WhenAll(mixed.Select(store.Ask));
        Assert.Equal(["200|200|200|1|200"], await store.Rows("SELECT COUNT(*), COUNT(DISTINCT source * 1000 + number), COUNT(DISTINCT position), MIN(position), MAX(position) FROM log_lines"));
    }

    [Fact]
    public async Task Hostile_text_is_kept_as_it_is_but_for_nul()
    {
        await using var store = await Start();
        await using var logs = await Logs(store);
        var run = await store.Started();
        const string Hostile = "'; DROP TABLE log_lines; -- $(rm) <script> \u001b[31m \ud83d\udd2d \u202e ../\n\"";
        await store.Ask(Chunk(run, [Line(0, 1) with { Text = Hostile }, Line(0, 2) with { Text = "a\0b" }]));
        Assert.Equal([Hostile, "a\u2400b"], await store.Rows("SELECT text FROM log_lines ORDER BY number"));
    }

    [Fact]
    public async Task A_long_line_is_cut_with_a_mark_and_a_long_log_with_a_line()
    {
        await using var store = await Start();
        await using var logs = await Logs(store, new LogIngestOptions { MostLinesPerRun = 3, LongestLine = 10 });
        var run = await store.Started();
        var told = await store.Ask(Chunk(run, [.. Enumerable.Range(1, 5).Select(n => Line(0, n) with { Text = "0123456789abc" })]));
        Assert.Equal(CommandOutcome.Accepted, told.Outcome);
        await store.Ask(Chunk(run, [Line(0, 6)]));
        var rows = await store.Rows("SELECT source, text FROM log_lines ORDER BY position");
        Assert.Equal(4, rows.Count);
        Assert.Equal("0|0123456789 … [cut: the line has 13 characters]", rows[0]);
        Assert.StartsWith("-3|the log is cut off here: 3 lines", rows[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_a_run_that_is_not_there_are_refused_and_nothing_is_kept()
    {
        await using var store = await Start();
        await using var logs = await Logs(store);
        var run = await store.Started();
        await store.Report(run, RunReport.Completed);
        await store.Ask(Chunk(run, [.. Enumerable.Range(1, 5000).Select(n => Line(0, n))]));
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(new DeleteRun(run.RunId))).Outcome);
        Assert.Equal(CommandOutcome.NotFound, (await store.Ask(Chunk(run, [Line(0, 1)]))).Outcome);
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM log_lines"));
    }

    [Fact]
    public async Task Followers_are_told_after_the_lines_can_be_read()
    {
        await using var store = await Start();
        await using var logs = await Logs(store);
        var run = await store.Started();
        var told = new TaskCompletionSource<long>();
        await using var subscription = store.Bus.Subscribe<LogsStored>(new("logs.#"), async (stored, _) =>
            told.TrySetResult((long)(await store.Scalar("SELECT COUNT(*) FROM log_lines"))! - stored.Count));
        await store.Ask(Chunk(run, [Line(0, 1), Line(0, 2)]));
        Assert.Equal(0, await told.Task.WaitAsync(Cancellation));
    }

    static async Task<LogIngestService> Logs(StoreUnderTest store, LogIngestOptions? options = null)
    {
        var logs = new LogIngestService(store.Bus, store.Writer, options ?? new LogIngestOptions(), store.Time);
        await logs.StartAsync(Cancellation);
        return logs;
    }

    static LogChunk Chunk(GrantedRun run, IReadOnlyList<LogLine> lines) => new(run.RunId, "agent-1", lines);

    static LogLine Line(int source, long number) => new(source, number, DateTimeOffset.UnixEpoch.AddSeconds(number), 2, null, "flow", $"line {number}");
}
