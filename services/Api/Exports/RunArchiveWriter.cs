using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holoflow.Persistence.Copies;
using Holoflow.ReadModel.Exports;

namespace Holoflow.Api.Exports;

/// <summary>Writes a run's archive while it is read; never more than a piece of it is in memory.</summary>
static class RunArchiveWriter
{
    /// <param name="rows">The run's rows.</param>
    /// <param name="openFile">An artifact's file by its name; null where it is not here.</param>
    /// <param name="output">Where the archive goes.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task Write(RunRows rows, Func<string, FileStream?> openFile, Stream output, CancellationToken cancellation)
    {
        await using var packed = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
        await using var tar = new TarWriter(packed, TarEntryFormat.Pax, leaveOpen: true);
        await WriteJson(tar, RunArchive.Begin, new ArchiveBegin(RunArchive.Format, RunArchive.Version, rows.Runs, rows.Name, rows.FlowName), ArchiveJson.Default.ArchiveBegin, cancellation);
        var tables = new Dictionary<string, ArchivedTable>(StringComparer.Ordinal);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var table in RunTable.All)
        {
            var (sum, number) = (new RowSum(), 0);
            foreach (var (lines, _) in rows.Read(table, RunArchive.PieceBytes))
            {
                sum.AddLines(lines.Span);
                if (table == RunTable.Artifacts)
                    names.UnionWith(FileNames(lines));
                await WriteEntry(tar, RunArchive.RowsEntry(table, number++), lines, cancellation);
            }

            tables.Add(table.Name, new ArchivedTable(sum.Rows, sum.ToString()));
        }

        var (files, missing) = await WriteFiles(tar, names, openFile, cancellation);
        await WriteJson(tar, RunArchive.End, new ArchiveEnd(tables, files, missing), ArchiveJson.Default.ArchiveEnd, cancellation);
    }

    /// <summary>The file names in rows of artifacts.</summary>
    public static IEnumerable<string> FileNames(ReadOnlyMemory<byte> lines)
    {
        var names = new List<string>();
        var column = RunTable.Artifacts.IndexOf("file");
        foreach (var line in Lines(lines))
        {
            using var row = JsonDocument.Parse(line);
            if (row.RootElement[column].GetString() is { } name && RunArchive.FileOf(RunArchive.Files + name) is not null)
                names.Add(name);
        }

        return names;
    }

    public static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> lines)
    {
        while (lines.Length > 0)
        {
            var end = lines.Span.IndexOf((byte)'\n');
            yield return end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
        }
    }

    static async Task<(Dictionary<string, ArchivedFile> Files, List<string> Missing)> WriteFiles(
        TarWriter tar, IEnumerable<string> names, Func<string, FileStream?> openFile, CancellationToken cancellation)
    {
        var files = new Dictionary<string, ArchivedFile>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var name in names)
        {
            await using var file = openFile(name);
            if (file is null)
            {
                missing.Add(name);
                continue;
            }

            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
            files.Add(name, new ArchivedFile(file.Length, hash));
            file.Position = 0;
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, RunArchive.Files + name) { DataStream = file }, cancellation);
        }

        return (files, missing);
    }

    static Task WriteJson<T>(TarWriter tar, string name, T value, JsonTypeInfo<T> json, CancellationToken cancellation) =>
        WriteEntry(tar, name, JsonSerializer.SerializeToUtf8Bytes(value, json), cancellation);

    static async Task WriteEntry(TarWriter tar, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        using var data = new MemoryStream(bytes.ToArray(), writable: false);
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data }, cancellation);
    }
}
