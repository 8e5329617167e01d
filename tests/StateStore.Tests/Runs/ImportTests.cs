using Holoflow.Contracts;
using Holoflow.Persistence.Copies;
using Holoflow.ReadModel.Exports;
using Holoflow.StateStore.Histories;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Runs;

/// <summary>A run goes from one kind of database to another and back, and is the same; what is there is never added to.</summary>
public abstract class ImportTests : StoreTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_goes_to_another_database_and_back_is_the_same()
    {
        await using var first = await StoreUnderTest.Start();
        await using var second = await Start();
        await using var third = await StoreUnderTest.Start();
        var run = await ExportedRun.Ended(first);
        Assert.Equal(CommandOutcome.Accepted, (await Copy(first, second, run)).Outcome);
        Assert.Equal(CommandOutcome.Accepted, (await Copy(second, third, run)).Outcome);
        foreach (var table in RunTable.All)
        {
            var rows = await ExportedRun.LinesOf(first, table, run);
            Assert.NotEmpty(rows);
            Assert.Equal(rows.Order(StringComparer.Ordinal), (await ExportedRun.LinesOf(second, table, run)).Order(StringComparer.Ordinal));
            Assert.Equal(rows.Order(StringComparer.Ordinal), (await ExportedRun.LinesOf(third, table, run)).Order(StringComparer.Ordinal));
        }

        Assert.Empty((await HistoryCheck.Run(second.Database, Cancellation)).Faults);
        Assert.Equal(CommandOutcome.Accepted, (await second.Ask(new RerunRun(run, "once more"))).Outcome);
    }

    [Fact]
    public async Task Nothing_is_added_to_a_run_that_is_there_and_what_never_became_one_is_forgotten()
    {
        await using var from = await StoreUnderTest.Start();
        await using var store = await Start();
        var run = await ExportedRun.Ended(from);
        Assert.Equal(CommandOutcome.Accepted, (await Copy(from, store, run)).Outcome);
        var again = await store.Ask(new ImportRows("task_runs", [.. (await ExportedRun.LinesOf(from, RunTable.Tasks, run)).Select(StoreUnderTest.Json)]));
        Assert.Contains("is there already", again.Reason, StringComparison.Ordinal);
        Assert.Equal(CommandOutcome.Refused, (await store.Ask(new ImportRows("api_tokens", []))).Outcome);
        Assert.Equal(CommandOutcome.Refused, (await store.Ask(new ImportRows("flow_runs", [.. (await ExportedRun.LinesOf(from, RunTable.Runs, run)).Select(StoreUnderTest.Json)]))).Outcome);
        await store.Ask(new ForgetImport([run]));
        Assert.Equal(await ExportedRun.LinesOf(from, RunTable.Tasks, run), await ExportedRun.LinesOf(store, RunTable.Tasks, run));

        var other = await ExportedRun.Ended(from);
        await (await ExportedRun.Of(from, other)).Begun(store);
        var before = await store.Scalar("SELECT COUNT(*) FROM task_run_states");
        await store.Ask(new ForgetImport([other, .. await Nested(from, other)]));
        Assert.NotEqual(before, await store.Scalar("SELECT COUNT(*) FROM task_run_states"));
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM task_runs WHERE run_id NOT IN (SELECT id FROM flow_runs)"));
        Assert.Empty((await HistoryCheck.Run(store.Database, Cancellation)).Faults);
    }

    static async Task<CommandAnswered> Copy(StoreUnderTest from, StoreUnderTest into, Guid run)
    {
        var exported = await ExportedRun.Of(from, run);
        foreach (var rows in exported.Beforehand)
            Accepted(await into.Ask(rows));
        // Twice, as a message may come.
        for (var time = 0; time < 2; time++)
            Accepted(await into.Writer.Write(session => LogIngest.ImportedLines.Store(session, exported.Lines), Cancellation));
        return Accepted(await into.Ask(exported.Run));
    }

    static CommandAnswered Accepted(CommandAnswered answer)
    {
        Assert.True(answer.Outcome == CommandOutcome.Accepted, answer.Reason);
        return answer;
    }

    static async Task<IEnumerable<Guid>> Nested(StoreUnderTest store, Guid run)
    {
        await using var rows = (await RunRows.Open(store.Database, run, Cancellation))!;
        return rows.Runs.Skip(1);
    }
}

public sealed class ImportOnSqlite : ImportTests;

[Collection(PostgresqlTests.Name)]
public sealed class ImportOnPostgresql(PostgresqlHost host) : ImportTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}
