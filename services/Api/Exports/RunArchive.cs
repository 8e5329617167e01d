using System.Text.Json.Serialization;
using Holoflow.Persistence.Copies;

namespace Holoflow.Api.Exports;

/// <summary>
/// The form of an exported run: a gzipped tar of <c>holoflow-run.json</c> (which run it is), <c>rows/TABLE/NUMBER.ndjson</c> (a JSON array a row), <c>files/NAME</c>
/// (artifacts' files) and, last, <c>end.json</c> (what all of it adds up to). It is read to its end and verified before anything is done with it.
/// </summary>
static class RunArchive
{
    public const string Format = "holoflow-run";
    public const int Version = 1;
    public const string Begin = "holoflow-run.json";
    public const string End = "end.json";
    public const string Files = "files/";
    public const string MediaType = "application/gzip";

    /// <summary>Rows are written in pieces of about this many bytes.</summary>
    public const int PieceBytes = 256 * 1024;

    /// <summary>No piece that was written is larger: a row holds at most 16 MiB of parameters, in its longest escaped form.</summary>
    public const int LargestPiece = 160 * 1024 * 1024;

    /// <summary>What is packed tighter than anything that was ever exported is not unpacked.</summary>
    public const int MostTimesLarger = 100;
    public const long AlwaysAllowed = 64 * 1024 * 1024;

    public static string RowsEntry(RunTable table, int number) => $"rows/{table.Name}/{number:000000}.ndjson";

    /// <summary>The table of an entry of rows; null: it is none.</summary>
    public static RunTable? TableOf(string entry) =>
        entry.Split('/') is ["rows", var table, var piece] && piece.EndsWith(".ndjson", StringComparison.Ordinal) && piece[..^7] is { Length: >= 6 and <= 9 } number && number.All(char.IsAsciiDigit)
            ? RunTable.Named(table)
            : null;

    /// <summary>The name of the artifact's file in an entry; null: it is none, or none that lies right in a directory.</summary>
    public static string? FileOf(string entry) =>
        entry.StartsWith(Files, StringComparison.Ordinal) && entry[Files.Length..] is { Length: > 0 and <= 255 } name && name is not ("." or "..") && !name.Any(c => c is '/' or '\\' or '\0') ? name : null;
}

/// <summary>Which run an archive holds.</summary>
/// <param name="Format">Always the same.</param>
/// <param name="Version">Of the archive's form.</param>
/// <param name="Runs">The run, then those nested in it.</param>
/// <param name="Name">For people.</param>
/// <param name="FlowName">For people.</param>
sealed record ArchiveBegin(string Format, int Version, IReadOnlyList<Guid> Runs, string Name, string FlowName);

/// <summary>What an archive adds up to.</summary>
/// <param name="Tables">Of each table the rows and their sum.</param>
/// <param name="Files">Of each file its length and SHA-256.</param>
/// <param name="Missing">Files that the server which exported the run did not have.</param>
sealed record ArchiveEnd(IReadOnlyDictionary<string, ArchivedTable> Tables, IReadOnlyDictionary<string, ArchivedFile> Files, IReadOnlyList<string> Missing);

sealed record ArchivedTable(long Rows, string Sum);

sealed record ArchivedFile(long Bytes, string Sha256);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ArchiveBegin))]
[JsonSerializable(typeof(ArchiveEnd))]
sealed partial class ArchiveJson : JsonSerializerContext;
