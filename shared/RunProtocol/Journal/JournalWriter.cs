using System.Text.Encodings.Web;
using System.Text.Json;
using Holoflow.RunProtocol.Files;
using Microsoft.Win32.SafeHandles;

namespace Holoflow.RunProtocol.Journal;

/// <summary>
/// Writes a run's journal: numbers entries without a gap over all attempts, stamps them, and groups them into few writes.
/// One process of a run writes at a time; any number of its threads may append.
/// </summary>
public sealed class JournalWriter : IAsyncDisposable
{
    static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    readonly AppendFile _file;
    readonly FileStream _lock;
    readonly TimeProvider _time;
    readonly Utf8JsonWriter _json = new(Stream.Null, Json);
    long _sequence;

    JournalWriter(AppendFile file, FileStream @lock, long sequence, TimeProvider time)
    {
        _file = file;
        _lock = @lock;
        _sequence = sequence;
        _time = time;
    }

    /// <summary>Opens a run's journal and continues after its last complete line.</summary>
    /// <param name="directory">The run directory; exists.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Told when the disk takes no more lines, and when it does again.</param>
    /// <param name="after">The least number that entries come after: <see cref="RunDescription.JournalAfter"/>.</param>
    /// <exception cref="IOException">Another process writes this journal, or it cannot be opened.</exception>
    public static JournalWriter Open(RunDirectory directory, TimeProvider time, Action<string>? report = null, long after = 0)
    {
        var @lock = TakeLock(directory.Journal + ".lock");
        try
        {
            var file = AppendFile.Open(directory.Journal, time, trouble => report?.Invoke($"the run journal {trouble}"));
            return new JournalWriter(file, @lock, Math.Max(after, LastSequence(directory.Journal)), time);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>The number of the last entry.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>Appends an entry; the writer sets its number, and its time where it has none.</summary>
    /// <returns>A ticket for <see cref="Written"/>. Entries that nobody waits for follow within milliseconds.</returns>
    public long Append(JournalEntry entry) => _file.Append((Writer: this, Entry: entry), static (buffer, state) =>
    {
        var (writer, entry) = state;
        var sequence = writer._sequence + 1;
        writer._json.Reset(buffer);
        EntryJson.Write(writer._json, entry, sequence, entry.At == default ? writer._time.GetUtcNow() : entry.At);
        writer._json.Flush();
        if (writer._json.BytesCommitted >= JournalReader.LongestLine)
            throw new InvalidDataException($"a journal entry of {writer._json.BytesCommitted} bytes is too long: the limit is {JournalReader.LongestLine}; put large data into a file");
        buffer.GetSpan(1)[0] = (byte)'\n';
        buffer.Advance(1);
        Volatile.Write(ref writer._sequence, sequence);
    });

    /// <summary>Completes when everything up to the ticket has reached the kernel: only then may the work that it announces start.</summary>
    public ValueTask Written(long ticket, CancellationToken cancellation = default) => _file.Written(ticket, cancellation);

    /// <summary>Completes when everything that was appended has reached the kernel.</summary>
    public ValueTask Flush(CancellationToken cancellation = default) => _file.Written(_file.Length, cancellation);

    /// <summary>Writes what is buffered before it returns: for a process that is about to end.</summary>
    public void WriteNow(TimeSpan patience) => _file.WriteNow(patience);

    /// <summary>Gives up waiting for a full disk.</summary>
    public ValueTask Abandon() => _file.Abandon();

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        await _json.DisposeAsync();
        await _lock.DisposeAsync();
    }

    static FileStream TakeLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new IOException($"another process of this run still writes its journal ({path} is locked)", e);
        }
    }

    static long LastSequence(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        // A complete line that is not an entry (a journal written by another language's mistake) is passed over.
        for (var end = RandomAccess.GetLength(file); end > 0;)
        {
            var start = LineEnds.AfterLastBefore(file, end - 1);
            if (SequenceOf(file, start, end) is { } sequence)
                return sequence;
            end = start;
        }
        return 0;
    }

    static long? SequenceOf(SafeFileHandle file, long start, long end)
    {
        var line = new byte[end - start];
        _ = LineEnds.ReadFully(file, line, start);
        try
        {
            var reader = new Utf8JsonReader(line);
            using var entry = JsonDocument.ParseValue(ref reader);
            return entry.RootElement.ValueKind == JsonValueKind.Object && entry.RootElement.TryGetProperty("n", out var n) && n.TryGetInt64(out var sequence)
                ? sequence
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
