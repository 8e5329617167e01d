using System.Globalization;
using System.Text.RegularExpressions;
using Holoflow.Persistence;
using Holoflow.ReadModel.Scheduling;
using Holoflow.StateStore.Runs;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Scheduling;

/// <summary>What is to start next is found among very many runs that wait by reading only what is wanted.</summary>
public abstract class WaitingRunsTests : StoreTests
{
    const int Waiting = 4_000;
    static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_are_read_in_order_over_all_pages_and_without_those_that_are_due_later()
    {
        await using var store = await Start();
        await Fill(store);
        await using var waiting = new WaitingRuns(store.Database);
        var all = await waiting.ReadDue("default", Now, int.MaxValue, _ => true, Cancellation);
        Assert.Equal(await store.Scalar($"SELECT COUNT(*) FROM flow_runs WHERE due_at <= {Microseconds.Of(Now)}"), (long)all.Count);
        Assert.InRange(all.Count, 1_000, Waiting - 1_000);
        Assert.Equal(all.OrderBy(r => r.Priority).ThenBy(r => r.DueAt).ThenBy(r => r.Id.ToString()).Select(r => r.Id), all.Select(r => r.Id));
        Assert.All(all, run => Assert.True(run.DueAt <= Now));
        Assert.Equal(all.Take(3), await waiting.ReadDue("default", Now, 3, _ => true, Cancellation), (a, b) => a.Id == b.Id);
        var last = all[^1];
        Assert.Equal(last.Id, Assert.Single(await waiting.ReadDue("default", Now, 1, run => run.Id == last.Id, Cancellation)).Id);
        Assert.Empty(await waiting.ReadDue("another", Now, 5, _ => true, Cancellation));
    }

    private protected static async Task Fill(StoreUnderTest store, string stateName = "Late")
    {
        var id = store.Database.Provider == DatabaseProvider.Sqlite ? "randomblob(16)" : "gen_random_uuid()";
        var flow = $"INSERT INTO flows (id, name, created_at) VALUES ({id}, 'observe', 0)";
        // Four priorities; of each, half is due and half due later.
        var runs = $"""
            WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {Waiting})
            INSERT INTO flow_runs (id, name, flow_name, queue, priority, tags, state_type, state_name, state_at, version, created_at, scheduled_for, due_at,
            epoch, run_count, retries_used, crashes_used, max_retries, retry_delay, crash_reschedules, events_through)
            SELECT {id}, 'waiting', 'observe', 'default', n % 4, '[]', 'Scheduled', '{stateName}', 0, 1, 0, 0, {Microseconds.Of(Now)} + ({Waiting / 2} - n) / 3 * 1000000, 0, 0, 0, 0, 0, 0, 0, 0
            FROM n
            """;
        await store.Writer.Write(session => session.Execute(flow) + session.Execute(runs), Cancellation);
    }
}

/// <summary>… and PostgreSQL, whatever it knows of the table, touches no more rows than it gives.</summary>
[Collection(PostgresqlTests.Name)]
public sealed class WaitingRunsOnPostgresql(PostgresqlHost host) : WaitingRunsTests
{
    [Theory]
    [InlineData("force_generic_plan", false)]
    [InlineData("force_generic_plan", true)]
    [InlineData("force_custom_plan", false)]
    [InlineData("force_custom_plan", true)]
    public async Task No_more_rows_are_touched_than_are_given(string plans, bool withStatistics)
    {
        await using var store = await Start();
        await Fill(store);
        if (withStatistics)
            await store.Scalar("ANALYZE");
        var plan = await store.Rows($"""
            SET plan_cache_mode = {plans};
            PREPARE waiting AS {WaitingRuns.Waiting};
            EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE waiting('default', 1, {Microseconds.Of(DateTimeOffset.MinValue)}, '{Guid.Empty}', 8)
            """);
        Assert.Equal("Limit (actual rows=8 loops=1)", plan[0]);
        Assert.Equal("  ->  Index Scan using ix_flow_runs_waiting on flow_runs (actual rows=8 loops=1)", plan[1]);
        Assert.StartsWith("        Index Cond: (", plan[2], StringComparison.Ordinal);
        Assert.Contains(" AND (ROW(priority, due_at, id) > ROW(", plan[2], StringComparison.Ordinal);
        Assert.Equal(3, plan.Count);
    }

    // All wait in one queue, and none expires: each question asks for what lies before or behind them.
    [Theory]
    [InlineData(WaitingRuns.NextDue, "9000000000000000")]
    [InlineData(WaitingRuns.Waiting, "'zebra', 1, 0, '00000000-0000-0000-0000-000000000000', 8")]
    [InlineData(WaitingRuns.Waiting, "'a', 1, 0, '00000000-0000-0000-0000-000000000000', 8")]
    [InlineData(SweepRunsHandler.LateRuns, "-9000000000000000, 100")]
    [InlineData(SweepRunsHandler.ExpiredRuns, "9000000000000000, 100")]
    public async Task What_is_not_there_is_missed_without_reading_what_waits(string sql, string values)
    {
        await using var store = await Start();
        await Fill(store, "Scheduled");
        foreach (var plans in (string[])["force_generic_plan", "force_custom_plan"])
        {
            var plan = await store.Rows($"SET plan_cache_mode = {plans}; PREPARE question AS {sql}; EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE question({values}); DEALLOCATE question");
            // One of each level of the index, of its more than thirty; the first step's line counts those of all.
            Assert.InRange(PagesOf(plan[1]), 1, 5);
        }
    }

    static int PagesOf(string line) => Regex.Matches(line, "(?:hit|read)=([0-9]+)").Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));

    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}
