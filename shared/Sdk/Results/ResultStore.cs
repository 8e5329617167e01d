using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Files;

namespace Holoflow.Sdk;

/// <summary>
/// Results of finished tasks in the run directory. Small ones are lines of one append-only file, so that thousands of tasks cost
/// few writes; larger ones are files of their own that appear by atomic rename.
/// </summary>
sealed class ResultStore : IAsyncDisposable
{
    const int LargestLine = 16 * 1024;
    static readonly JsonWriterOptions Json = new() { SkipValidation = true };

    readonly string _directory;
    readonly string _path;
    readonly AppendFile _lines;
    readonly ConcurrentDictionary<(Guid? Run, string Key), (string? Identity, ReadOnlyMemory<byte> Result)> _found = [];

    ResultStore(string directory, string path, AppendFile lines)
    {
        _directory = directory;
        _path = path;
        _lines = lines;
    }

    public static ResultStore Open(RunDirectory directory, TimeProvider time, Action<string> report)
    {
        Directory.CreateDirectory(directory.Results);
        var path = Path.Combine(directory.Results, "small.ndjson");
        var store = new ResultStore(directory.Results, path, AppendFile.Open(path, time, trouble => report($"the file of results {trouble}")));
        store.Reread();
        return store;
    }

    /// <summary>The result that an earlier attempt kept of a task run, where it had the same inputs.</summary>
    public bool TryFind(Guid? run, string key, string identity, out ReadOnlyMemory<byte> result)
    {
        if (_found.TryGetValue((run, key), out var line) && line.Identity == identity)
        {
            result = line.Result;
            return true;
        }
        var file = FileOf(run, key, identity);
        if (File.Exists(file))
        {
            result = File.ReadAllBytes(file);
            return true;
        }
        result = default;
        return false;
    }

    /// <summary>Keeps a result; it has reached the kernel when this completes.</summary>
    public async ValueTask Keep(Guid? run, string key, string identity, ReadOnlyMemory<byte> result, CancellationToken cancellation)
    {
        if (result.Length > LargestLine)
            await WriteFile(FileOf(run, key, identity), result, cancellation);
        else
            await _lines.Written(_lines.Append((run, key, identity, result), WriteLine), cancellation);
    }

    public ValueTask Abandon() => _lines.Abandon();

    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    static void WriteLine(IBufferWriter<byte> buffer, (Guid? Run, string Key, string Identity, ReadOnlyMemory<byte> Result) line)
    {
        using var json = new Utf8JsonWriter(buffer, Json);
        json.WriteStartObject();
        if (line.Run is { } run)
            json.WriteString("run", run);
        json.WriteString("key", line.Key);
        json.WriteString("identity", line.Identity);
        json.WritePropertyName("result");
        json.WriteRawValue(line.Result.Span, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
    }

    static async Task WriteFile(string path, ReadOnlyMemory<byte> result, CancellationToken cancellation)
    {
        var unfinished = path + ".unfinished";
        await File.WriteAllBytesAsync(unfinished, result, cancellation);
        File.Move(unfinished, path, overwrite: true);
    }

    // A key holds a name that a person chose: it is not fit for a path.
    string FileOf(Guid? run, string key, string identity) =>
        Path.Combine(_directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{run}/{key}/{identity}")).AsSpan(0, 16)) + ".json");

    /// <summary>Takes up the results that are in the file.</summary>
    public void Reread()
    {
        var bytes = File.ReadAllBytes(_path);
        for (var rest = bytes.AsSpan(); rest.IndexOf((byte)'\n') is var end and >= 0; rest = rest[(end + 1)..])
            ReadLine(rest[..end]);
    }

    void ReadLine(ReadOnlySpan<byte> text)
    {
        try
        {
            var line = JsonElement.Parse(text);
            var run = line.TryGetProperty("run", out var nested) ? nested.GetGuid() : (Guid?)null;
            var result = Encoding.UTF8.GetBytes(line.GetProperty("result").GetRawText());
            _found[(run, line.GetProperty("key").GetString()!)] = (line.GetProperty("identity").GetString(), result);
        }
        catch (JsonException)
        {
            // Zeroes that a crashed machine left: the task is executed again.
            return;
        }
    }
}
