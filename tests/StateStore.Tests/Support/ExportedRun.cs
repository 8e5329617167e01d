using System.Text;
using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Persistence.Copies;
using Holoflow.ReadModel.Exports;

namespace Holoflow.StateStore.Tests.Support;

/// <summary>An ended run with rows in every table, as the messages that carry it into another store.</summary>
sealed class ExportedRun(Guid id, IReadOnlyDictionary<RunTable, IReadOnlyList<string>> lines)
{
    static readonly RunTable[] WithTheRun = [RunTable.Contents, RunTable.Parameters, RunTable.Tags, RunTable.States, RunTable.Runs];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What is there before the run itself is; the first piece has rows.</summary>
    public IReadOnlyList<ImportRows> Beforehand => [.. RunTable.All.Except([.. WithTheRun, RunTable.Lines]).Select(Rows)];

    public ImportLogLines Lines => new(Rows(RunTable.Lines).Rows);

    public ImportRun Run => new(id, [.. WithTheRun.Select(Rows)]);

    public static async Task<ExportedRun> Made()
    {
        await using var store = await StoreUnderTest.Start();
        return await Of(store, await Ended(store));
    }

    public static async Task<ExportedRun> Of(StoreUnderTest store, Guid run)
    {
        var lines = new Dictionary<RunTable, IReadOnlyList<string>>();
        foreach (var table in RunTable.All)
            lines.Add(table, await LinesOf(store, table, run));
        return new ExportedRun(run, lines);
    }

    /// <summary>Brings all but the last piece into a store, and gives that.</summary>
    public async Task<ImportRun> Begun(StoreUnderTest store)
    {
        foreach (var rows in Beforehand)
            await store.Ask(rows);
        return Run;
    }

    public static async Task<IReadOnlyList<string>> LinesOf(StoreUnderTest store, RunTable table, Guid run)
    {
        await using var rows = (await RunRows.Open(store.Database, run, Cancellation))!;
        return [.. rows.Read(table, 100).SelectMany(piece => Encoding.UTF8.GetString(piece.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))];
    }

    /// <summary>A run with a nested one, tasks, an edge, progress, an artifact and log lines, that failed.</summary>
    public static async Task<Guid> Ended(StoreUnderTest store)
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
        journal.Add(RunEventKind.AllocationChanged);
        journal.Replace(e => e with { Allocation = new AllocationReport { Key = "beams", ArrayIndex = 3, Cluster = "galaxy", JobId = 44641, Phase = AllocationPhase.Ended, State = "TIMEOUT", Node = "nid00001", Partition = "work", Tasks = [task, inner] } });
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(journal.Report(run))).Outcome);
        const string Line = "INSERT INTO log_lines (run_id, source, number, position, at, level, text) VALUES ($1, 0, $2, $2, $2, 2, 'said \u001b[31m')";
        for (var i = 1; i < 30; i++)
            await store.Writer.Write(session => session.Execute(Line, run.RunId, i), Cancellation);
        await store.Report(run, RunReport.Failed);
        return run.RunId;
    }

    ImportRows Rows(RunTable table) => new(table.Name, [.. lines[table].Select(StoreUnderTest.Json)]);
}
