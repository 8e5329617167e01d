using System.Text.Json;
using Holoflow.Api.Artifacts;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Persistence;
using Holoflow.Persistence.Copies;
using Holoflow.ReadModel.Exports;

namespace Holoflow.Api.Exports;

/// <summary>
/// Has a verified archive stored: its rows by the state store, its files in the directory of artifacts. The run itself comes last; where something is refused
/// on the way, what was stored before is removed.
/// </summary>
sealed class RunImport(IMessageBus bus, Database database, ArtifactFiles files)
{
    static readonly HashSet<RunTable> WithTheRun = [RunTable.Contents, RunTable.Parameters, RunTable.Tags, RunTable.States, RunTable.Runs];

    /// <summary>What became of it; Ignored: the same run is there.</summary>
    public async Task<CommandAnswered> Import(RunArchiveReader archive, CancellationToken cancellation)
    {
        var runs = archive.Begin.Runs;
        if (await Compare(archive, cancellation) is { } present)
            return present;
        var made = new List<string>();
        var answer = new CommandAnswered(CommandOutcome.Refused, "it was cut short");
        try
        {
            answer = await bus.Request(new ForgetImport(runs), cancellation);
            if (answer.Outcome == CommandOutcome.Accepted)
                answer = await Store(archive, runs[0], made, cancellation);
            return answer;
        }
        finally
        {
            if (answer.Outcome is not (CommandOutcome.Accepted or CommandOutcome.Ignored))
                await Undo(runs, made);
        }
    }

    async Task<CommandAnswered> Store(RunArchiveReader archive, Guid run, List<string> made, CancellationToken cancellation)
    {
        var last = new Dictionary<RunTable, List<JsonElement>>();
        CommandAnswered? refused = null;
        await archive.ReadRows(
            async (table, piece) =>
            {
                if (refused is not null)
                    return;
                var rows = RunArchiveWriter.Lines(piece).Select(Parse).ToList();
                if (WithTheRun.Contains(table))
                    (last.TryGetValue(table, out var all) ? all : last[table] = []).AddRange(rows);
                else if (await Send(table, rows, cancellation) is { Outcome: not CommandOutcome.Accepted } answer)
                    refused = answer;
            },
            cancellation);
        if (refused is not null)
            return refused;
        string? conflict = null;
        await archive.ReadFiles(async (name, data) => conflict ??= await files.Add(run, name, data, archive.End.Files[name].Sha256, made, cancellation), cancellation);
        return conflict is not null
            ? new CommandAnswered(CommandOutcome.Refused, conflict)
            : await bus.Request(new ImportRun(run, [.. last.Select(t => new ImportRows(t.Key.Name, t.Value))]), cancellation);
    }

    ValueTask<CommandAnswered> Send(RunTable table, List<JsonElement> rows, CancellationToken cancellation) =>
        table == RunTable.Lines ? bus.Request(new ImportLogLines(rows), cancellation) : bus.Request(new ImportRows(table.Name, rows), cancellation);

    // Half of an import helps nobody; what cannot be removed now is removed before the next try.
    async Task Undo(IReadOnlyList<Guid> runs, List<string> made)
    {
        foreach (var file in made)
            File.Delete(file);
        try
        {
            await bus.Request(new ForgetImport(runs), CancellationToken.None);
        }
        catch (Exception e) when (e is MessagingException or TimeoutException)
        {
            // Rows that belong to no run are seen by nobody.
        }
    }

    async Task<CommandAnswered?> Compare(RunArchiveReader archive, CancellationToken cancellation)
    {
        var id = archive.Begin.Runs[0];
        await using var present = await RunRows.Open(database, id, cancellation);
        if (present is null)
            return null;
        foreach (var table in RunTable.All)
        {
            var sum = new RowSum();
            foreach (var (lines, _) in present.Read(table, RunArchive.PieceBytes))
                sum.AddLines(lines.Span);
            if (archive.End.Tables[table.Name] != new ArchivedTable(sum.Rows, sum.ToString()))
                return new CommandAnswered(CommandOutcome.Refused, $"flow run {id} is here already and differs from the archive in its {table.Name}: delete it first", id);
        }

        return new CommandAnswered(CommandOutcome.Ignored, $"flow run {id} is here already, the same as in the archive", id);
    }

    static JsonElement Parse(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
