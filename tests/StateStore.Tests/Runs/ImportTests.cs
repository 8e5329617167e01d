using System.Text;
using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Persistence.Copies;
using Holoflow.ReadModel.Exports;
using Holoflow.StateStore.Histories;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Runs;

/// <summary>A run goes from one kind of database to another and back, and is the same; what is there is never added to.</summary>
public abstract class ImportTests : StoreTests
{
    static readonly RunTable[] WithTheRun = [RunTable.Contents, RunTable.Parameters, RunTable.Tags, RunTable.States, RunTable.Runs];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_goes_to_another_database_and_back_is_the_same()
    {
        await using var first = await StoreUnderTest.Start();
        await using var second = await Start();
        await using var third = await StoreUnderTest.Start();
        var run = await Ended(first);
        Assert.Equal(CommandOutcome.Accepted, (await Copy(first, second, run)).Outcome);
        Assert.Equal(CommandOutcome.Accepted, (await Copy(second, third, run)).Outcome);
        foreach (var table in RunTable.All)
        {
            var rows = await Lines(first, table, run);
            Assert.NotEmpty(rows);
            Assert.Equal(rows.Order(StringComparer.Ordinal), (await Lines(second, table, run)).Order(StringComparer.Ordinal));
            Assert.Equal(rows.Order(StringComparer.Ordinal), (await Lines(third, table, run)).Order(StringComparer.Ordinal));
        }

        Assert.Empty((await HistoryCheck.Run(second.Database, Cancellation)).Faults);
        Assert.Equal(CommandOutcome.Accepted, (await second.Ask(new RerunRun(run, "once more"))).Outcome);
    }

    [Fact]
    public async Task Nothing_is_added_to_a_run_that_is_there_and_what_never_became_one_is_forgotten()
    {
        await using var from = await StoreUnderTest.Start();
        await using var store = await Start();
        var run = await Ended(from);
        Assert.Equal(CommandOutcome.Accepted, (await Copy(from, store, run)).Outcome);
        var again = await store.Ask(new ImportRows("task_runs", [.. (await Lines(from, RunTable.Tasks, run)).Select(StoreUnderTest.Json)]));
        Assert.Contains("is there already", again.Reason, StringComparison.Ordinal);
        Assert.Equal(CommandOutcome.Refused, (await store.Ask(new ImportRows("api_tokens", []))).Outcome);
        Assert.Equal(CommandOutcome.Refused, (await store.Ask(new ImportRows("flow_runs", [.. (await Lines(from, RunTable.Runs, run)).Select(StoreUnderTest.Json)]))).Outcome);
        await store.Ask(new ForgetImport([run]));
        Assert.Equal(await Lines(from, RunTable.Tasks, run), await Lines(store, RunTable.Tasks, run));

        var other = await Ended(from);
        foreach (var table in RunTable.All.Except(WithTheRun))
            await store.Ask(new ImportRows(table.Name, [.. (await Lines(from, table, other)).Select(StoreUnderTest.Json)]));
        var before = await store.Scalar("SELECT COUNT(*) FROM task_run_states");
        await store.Ask(new ForgetImport([other, .. await Nested(from, other)]));
        Assert.NotEqual(before, await store.Scalar("SELECT COUNT(*) FROM task_run_states"));
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM task_runs WHERE run_id NOT IN (SELECT id FROM flow_runs)"));
        Assert.Empty((await HistoryCheck.Run(store.Database, Cancellation)).Faults);
    }

    static async Task<CommandAnswered> Copy(StoreUnderTest from, StoreUnderTest into, Guid run)
    {
        foreach (var table in RunTable.All.Except(WithTheRun))
        {
            IReadOnlyList<JsonElement> rows = [.. (await Lines(from, table, run)).Select(StoreUnderTest.Json)];
            var answer = table == RunTable.Lines
                ? await into.Writer.Write(session => LogIngest.ImportedLines.Store(session, new ImportLogLines(rows)), Cancellation)
                : await into.Ask(new ImportRows(table.Name, rows));
            Assert.True(answer.Outcome == CommandOutcome.Accepted, answer.Reason);
        }

        var parts = new List<ImportRows>();
        foreach (var table in WithTheRun)
            parts.Add(new ImportRows(table.Name, [.. (await Lines(from, table, run)).Select(StoreUnderTest.Json)]));
        var last = await into.Ask(new ImportRun(run, parts));
        Assert.True(last.Outcome == CommandOutcome.Accepted, last.Reason);
        return last;
    }

    static async Task<IReadOnlyList<string>> Lines(StoreUnderTest store, RunTable table, Guid run)
    {
        await using var rows = (await RunRows.Open(store.Database, run, Cancellation))!;
        return [.. rows.Read(table, 100).SelectMany(piece => Encoding.UTF8.GetString(piece.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))];
    }

    static async Task<IEnumerable<Guid>> Nested(StoreUnderTest store, Guid run)
    {
        await using var rows = (await RunRows.Open(store.Database, run, Cancellation))!;
        return rows.Runs.Skip(1);
    }

    static async Task<Guid> Ended(StoreUnderTest store)
    {
        var run = await store.Started(store.NewRun(parameters: """{"beam": 3, "text": "two\nlines"}""") with { Tags = ["night", "Zürich"], IdempotencyKey = Guid.CreateVersion7().ToString() });
        var journal = new JournalOfTest();
        var nested = journal.Nested("nested");
        var inner = journal.Created("inner-1", nested);
        var task = journal.Created("split-1", inputs: [new TaskEdge(inner, "a"), new TaskEdge(inner, "B")]);
        journal.Changed(task, "Running");
        journal.Changed(task, "Completed");
        journal.Add(RunEventKind.Progressed);
        journal.Replace(e => e with { Fraction = 1.0 / 3, SecondsLeft = 1e-300 });
        journal.Add(RunEventKind.ArtifactMade);
        journal.Replace(e => e with { Subject = Guid.CreateVersion7(), Key = "table", Type = "table", Data = JsonSerializer.SerializeToElement(new { value = 0.1 }) });
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(journal.Report(run))).Outcome);
        const string Line = "INSERT INTO log_lines (run_id, source, number, position, at, level, text) VALUES ($1, 0, $2, $2, $2, 2, 'said \u001b[31m')";
        for (var i = 1; i < 30; i++)
            await store.Writer.Write(session => session.Execute(Line, run.RunId, i), Cancellation);
        await store.Report(run, RunReport.Failed);
        return run.RunId;
    }
}

public sealed class ImportOnSqlite : ImportTests;

[Collection(PostgresqlTests.Name)]
public sealed class ImportOnPostgresql(PostgresqlHost host) : ImportTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}
