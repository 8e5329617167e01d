using Holoflow.Contracts;
using Holoflow.LogIngest;
using Holoflow.LogIngest.Copy;
using Holoflow.LogIngest.Days;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Holoflow.StateStore.Tests.Logs;

/// <summary>What only PostgreSQL does with log lines: COPY, and days that are dropped whole.</summary>
[Collection(PostgresqlTests.Name)]
public sealed class LogCopyTests(PostgresqlHost host)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_whose_connection_is_killed_before_its_commit_leaves_nothing_and_comes_again_whole()
    {
        await using var store = await host.Start(null, null);
        await using var logs = new CopyLogStore(store.Database, new LogIngestOptions(), store.Time);
        var (run, other) = (await store.Started(), await store.Started());
        Assert.Equal(1, await logs.Store(Chunk(run, 1, 1), Cancellation));

        // A lock on the lines' table holds the batch up between its COPY and its commit: there it is killed.
        for (var round = 0; round < 5; round++)
        {
            await using var blocker = (NpgsqlConnection)await store.Database.OpenForBulk(Cancellation);
            await using var transaction = await blocker.BeginTransactionAsync(Cancellation);
            await Execute(blocker, "LOCK TABLE log_lines IN SHARE MODE");
            var storing = new[] { logs.Store(Chunk(run, 1 + (round * 500), 1000), Cancellation), logs.Store(Chunk(other, 1 + (round * 500), 1000), Cancellation) };
            await UntilOneWaits(store);
            await Execute(blocker, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");
            await Assert.ThrowsAnyAsync<Exception>(async () => await await Task.WhenAny(storing));
            // The second chunk is in the batch that was killed, or, where it came a moment too late for it, in one of its own that waits for the lock still.
            await transaction.RollbackAsync(Cancellation);
            await Task.WhenAll(storing.Select(s => s.ContinueWith(_ => { }, TaskScheduler.Default)));
            await logs.Store(Chunk(run, 1 + (round * 500), 1000), Cancellation);
            await logs.Store(Chunk(other, 1 + (round * 500), 1000), Cancellation);
        }

        Assert.Equal(
            ["3000|3000|1|3000", "3000|3000|1|3000"],
            await store.Rows("SELECT COUNT(*), COUNT(DISTINCT (source, number)), MIN(position), MAX(position) FROM log_lines GROUP BY run_id"));
    }

    [Fact]
    public async Task A_chunk_that_the_database_does_not_take_takes_no_other_with_it()
    {
        await using var store = await host.Start(null, null);
        await using var logs = new CopyLogStore(store.Database, new LogIngestOptions(), store.Time);
        var run = await store.Started();
        var bad = Chunk(run, 1, 1) with { Lines = [new LogLine(0, 1, DateTimeOffset.UnixEpoch, 2, null, "f\0", "text")] };
        var all = new[] { logs.Store(Chunk(run, 100, 10), Cancellation), logs.Store(bad, Cancellation), logs.Store(Chunk(run, 200, 10), Cancellation) };
        await Assert.ThrowsAnyAsync<Exception>(() => all[1]);
        await Task.WhenAll(all[0], all[2]);
        Assert.Equal(20L, await store.Scalar("SELECT COUNT(*) FROM log_lines"));
    }

    [Fact]
    public async Task Lines_lie_in_the_day_of_their_run_and_go_with_it_once_all_its_runs_have_ended()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 1, 23, 59, 0, TimeSpan.Zero));
        await using var store = await host.Start(null, time);
        var options = new LogIngestOptions { KeepDays = 7 };
        var days = new LogDays(store.Database, options, time, NullLogger.Instance);
        Assert.Equal((5, 0), await days.RunOnce(Cancellation));
        Assert.Equal((0, 0), await days.RunOnce(Cancellation));
        await using var logs = new CopyLogStore(store.Database, options, time);
        var run = await store.Started();
        time.Advance(TimeSpan.FromHours(2));
        await logs.Store(Chunk(run, 1, 10), Cancellation);
        Assert.Equal(["log_lines_20260301|10"], await store.Rows("SELECT tableoid::regclass::text, COUNT(*) FROM log_lines GROUP BY 1"));

        time.Advance(TimeSpan.FromDays(8));
        await days.RunOnce(Cancellation);
        Assert.Equal(10L, await store.Scalar("SELECT COUNT(*) FROM log_lines"));
        await store.Report(run, RunReport.Completed);
        Assert.Equal((0, 1), await days.RunOnce(Cancellation));
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM log_lines"));
    }

    [Fact]
    public async Task Lines_of_one_run_are_read_from_one_day()
    {
        await using var store = await host.Start(null, null);
        await new LogDays(store.Database, new LogIngestOptions(), store.Time, NullLogger.Instance).RunOnce(Cancellation);
        var plan = await store.Rows($"EXPLAIN SELECT text FROM log_lines WHERE run_id = '{Guid.CreateVersion7(store.Time.GetUtcNow())}' AND position > 5 ORDER BY position LIMIT 100");
        Assert.Single(plan, line => line.Contains("Scan", StringComparison.Ordinal) && line.Contains(" on ", StringComparison.Ordinal));
    }

    static LogChunk Chunk(GrantedRun run, long first, int lines) =>
        new(run.RunId, "agent-1", [.. Enumerable.Range(0, lines).Select(i => new LogLine(0, first + i, DateTimeOffset.UnixEpoch, 2, null, "flow", $"line {first + i}"))]);

    static async Task UntilOneWaits(StoreUnderTest store)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((long)(await store.Scalar("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"))! == 0)
            await tick.WaitForNextTickAsync(Cancellation);
    }

    static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
