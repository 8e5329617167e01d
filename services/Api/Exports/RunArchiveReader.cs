using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holoflow.Domain.TaskRuns;
using Holoflow.Persistence.Copies;

namespace Holoflow.Api.Exports;

/// <summary>
/// Reads an archive that anybody may have made. The first reading verifies every entry and changes nothing; what a later one hands out has been verified.
/// </summary>
sealed class RunArchiveReader(FileStream archive)
{
    readonly HashSet<Guid> _runs = [];
    readonly Dictionary<Guid, TaskStateType?> _tasks = [];
    readonly Dictionary<RunTable, RowSum> _sums = RunTable.All.ToDictionary(t => t, _ => new RowSum());
    readonly Dictionary<string, ArchivedFile> _files = new(StringComparer.Ordinal);
    readonly HashSet<string> _namedFiles = new(StringComparer.Ordinal);
    ArchiveBegin? _begin;
    ArchiveEnd? _end;

    public ArchiveBegin Begin => _begin ?? throw new InvalidOperationException("the archive has not been verified");

    public ArchiveEnd End => _end ?? throw new InvalidOperationException("the archive has not been verified");

    /// <summary>Reads all of it.</summary>
    /// <exception cref="ArchiveRefusedException">Something in it is wrong; the message says what.</exception>
    public async Task Verify(CancellationToken cancellation)
    {
        await Read(Verify, cancellation);
        if (_end is null)
            throw new ArchiveRefusedException("it ends too early: it was cut off, or is no export of a run");
        foreach (var (table, sum) in _sums)
        {
            if (!_end.Tables.TryGetValue(table.Name, out var said) || said.Rows != sum.Rows || said.Sum != sum.ToString())
                throw new ArchiveRefusedException($"its rows of {table.Name} are not those that were exported");
        }

        if (_files.Count != _end.Files.Count || _files.Any(f => !_end.Files.TryGetValue(f.Key, out var said) || said != f.Value))
            throw new ArchiveRefusedException("its files are not those that were exported");
        if (_files.Keys.FirstOrDefault(name => !_namedFiles.Contains(name)) is { } stray)
            throw new ArchiveRefusedException($"its file '{Requests.Ids.Shown(stray)}' is no artifact's");
    }

    /// <summary>Hands out the rows in the order of the archive.</summary>
    public Task ReadRows(Func<RunTable, ReadOnlyMemory<byte>, Task> take, CancellationToken cancellation) => Read(
        async (entry, name) =>
        {
            if (RunArchive.TableOf(name) is { } table)
                await take(table, await Whole(entry, RunArchive.LargestPiece, cancellation));
        },
        cancellation);

    /// <summary>Hands out the artifacts' files.</summary>
    public Task ReadFiles(Func<string, Stream, Task> take, CancellationToken cancellation) => Read(
        async (entry, name) =>
        {
            if (RunArchive.FileOf(name) is { } file)
                await take(file, entry.DataStream ?? Stream.Null);
        },
        cancellation);

    async Task Read(Func<TarEntry, string, Task> take, CancellationToken cancellation)
    {
        archive.Position = 0;
        try
        {
            await using var unpacked = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
            await using var bounded = new BoundedStream(unpacked, RunArchive.AlwaysAllowed + (archive.Length * RunArchive.MostTimesLarger));
            await using var tar = new TarReader(bounded, leaveOpen: true);
            while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                    throw new ArchiveRefusedException($"its entry '{Requests.Ids.Shown(entry.Name)}' is a {entry.EntryType}, which no export holds");
                await take(entry, entry.Name);
            }

            // What follows the last entry is the packing's own check of all that came before.
            await bounded.CopyToAsync(Stream.Null, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or JsonException or ArgumentException or OverflowException)
        {
            throw new ArchiveRefusedException("it is damaged, cut off, or no gzipped tar at all");
        }
    }

    async Task Verify(TarEntry entry, string name)
    {
        if (_begin is null)
            await VerifyBegin(entry, name);
        else if (_end is not null)
            throw new ArchiveRefusedException($"its entry '{Requests.Ids.Shown(name)}' comes after its end");
        else if (RunArchive.TableOf(name) is { } table)
            VerifyRows(table, await Whole(entry, RunArchive.LargestPiece, CancellationToken.None));
        else if (RunArchive.FileOf(name) is { } file)
            await VerifyFile(entry, file);
        else if (name == RunArchive.End)
            _end = await Json(entry, ArchiveJson.Default.ArchiveEnd);
        else
            throw new ArchiveRefusedException($"its entry '{Requests.Ids.Shown(name)}' is none that an export has");
    }

    async Task VerifyBegin(TarEntry entry, string name)
    {
        if (name != RunArchive.Begin)
            throw new ArchiveRefusedException($"it begins with '{Requests.Ids.Shown(name)}' and not with {RunArchive.Begin}: it is no export of a run");
        _begin = await Json(entry, ArchiveJson.Default.ArchiveBegin);
        if (_begin.Format != RunArchive.Format || _begin.Runs is not { Count: > 0 })
            throw new ArchiveRefusedException("it is no export of a run");
        if (_begin.Version != RunArchive.Version)
            throw new ArchiveRefusedException($"it has version {_begin.Version} and this server reads version {RunArchive.Version}: import it with the Holoflow that exported it, or a newer one");
        _runs.UnionWith(_begin.Runs);
    }

    void VerifyRows(RunTable table, ReadOnlyMemory<byte> piece)
    {
        _sums[table].AddLines(piece.Span);
        foreach (var line in RunArchiveWriter.Lines(piece))
        {
            using var row = JsonDocument.Parse(line);
            if (CopiedRow.Read(table, row.RootElement, out var mistake) is not { } values)
                throw new ArchiveRefusedException(mistake!);
            VerifyOwner(table, values);
        }
    }

    void VerifyOwner(RunTable table, object?[] values)
    {
        var owner = (Guid)values[table.OwnerAt]!;
        if (table == RunTable.TaskStates)
            VerifyState(owner, (string)values[table.IndexOf("state_type")]!);
        else if (!_runs.Contains(owner))
            throw new ArchiveRefusedException($"its rows of {table.Name} belong to run {owner}, which it does not hold");
        if (table == RunTable.Tasks && !_tasks.TryAdd((Guid)values[0]!, null))
            throw new ArchiveRefusedException($"it holds task run {values[0]} twice");
        if (table == RunTable.Artifacts && values[table.IndexOf("file")] is string file)
            _namedFiles.Add(file);
    }

    void VerifyState(Guid task, string text)
    {
        if (!_tasks.TryGetValue(task, out var before))
            throw new ArchiveRefusedException($"it holds states of task run {task}, but not the task run");
        if (!Enum.TryParse<TaskStateType>(text, out var state) || !Enum.IsDefined(state) || (before is { } from ? !TaskRunMachine.IsLegal(from, state) : state != TaskStateType.Pending))
            throw new ArchiveRefusedException($"task run {task} cannot go from {before?.ToString() ?? "nothing"} to '{Requests.Ids.Shown(text)}'");
        _tasks[task] = state;
    }

    async Task VerifyFile(TarEntry entry, string name)
    {
        var data = entry.DataStream ?? Stream.Null;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(data));
        if (!_files.TryAdd(name, new ArchivedFile(entry.Length, hash)))
            throw new ArchiveRefusedException($"it holds the file '{Requests.Ids.Shown(name)}' twice");
    }

    static async Task<T> Json<T>(TarEntry entry, JsonTypeInfo<T> json) =>
        JsonSerializer.Deserialize((await Whole(entry, RunArchive.LargestPiece, CancellationToken.None)).Span, json) ?? throw new JsonException();

    static async Task<ReadOnlyMemory<byte>> Whole(TarEntry entry, int most, CancellationToken cancellation)
    {
        if (entry.Length > most)
            throw new ArchiveRefusedException($"its entry '{Requests.Ids.Shown(entry.Name)}' is larger than any that an export has");
        var bytes = new byte[entry.Length];
        if (entry.DataStream is { } data)
            await data.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }
}
