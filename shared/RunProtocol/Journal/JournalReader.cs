using System.Buffers;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Holoflow.RunProtocol.Journal;

/// <summary>
/// Reads a journal while it is written. A line is an entry only when its newline is there: what follows the last newline
/// is left for later. Faulty lines are returned as such and do not stop the reading.
/// </summary>
/// <param name="path">The journal; need not exist yet.</param>
/// <param name="offset">Where to begin, in bytes: 0, or an <see cref="Offset"/> of an earlier reader.</param>
/// <param name="lastSequence">The sequence number of the entry before that, 0 at the beginning.</param>
public sealed class JournalReader(string path, long offset = 0, long lastSequence = 0) : IDisposable
{
    /// <summary>The longest line that is read, in bytes: what is longer is returned as faulty, and never held in memory.</summary>
    public const int LongestLine = 8 * 1024 * 1024;

    const int BlockSize = 64 * 1024;

    byte[] _buffer = [];
    int _start;
    int _end;
    bool _skipping;
    long _skippedFrom;
    SafeFileHandle? _file;

    /// <summary>Where the first line begins that <see cref="Next"/> has not returned, in bytes.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>The sequence number of the last sound entry.</summary>
    public long LastSequence { get; private set; } = lastSequence;

    /// <summary>Bytes after the last newline that was read: at the end of an attempt, half a line.</summary>
    public long Torn => (_skipping ? Offset - _skippedFrom : 0) + _end - _start;

    /// <summary>The next whole line, or null where there is none yet.</summary>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public ReadEntry? Next()
    {
        var searched = 0;
        while (true)
        {
            var newline = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (newline >= 0)
                return Take(searched + newline + 1);

            searched = _end - _start;
            if (searched > LongestLine)
            {
                Skip();
                searched = 0;
            }

            if (!Fill())
                return null;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        Release();
    }

    ReadEntry? Take(int length)
    {
        var line = _buffer.AsSpan(_start, length - 1);
        ReadEntry read;
        if (_skipping)
        {
            read = new ReadEntry(_skippedFrom, Offset + length - _skippedFrom, null, $"the line is longer than {LongestLine} bytes");
            _skipping = false;
        }
        else
        {
            var entry = Parse(line, out var fault);
            read = new ReadEntry(Offset, length, entry, fault);
            if (entry is not null)
                LastSequence = entry.Sequence;
        }

        _start += length;
        Offset += length;
        return read;
    }

    JournalEntry? Parse(ReadOnlySpan<byte> line, out string? fault)
    {
        try
        {
            var entry = EntryParsing.Parse(line);
            fault = entry switch
            {
                { Sequence: < 1 } => "the entry has no sequence number \"n\"",
                _ when entry.Sequence <= LastSequence => $"sequence {entry.Sequence} comes after {LastSequence}",
                _ => null,
            };
            return fault is null ? entry : null;
        }
        catch (JsonException e)
        {
            fault = $"the line is not a journal entry: {e.Message}";
            return null;
        }
        catch (InvalidOperationException e)
        {
            // Half a surrogate pair in a string.
            fault = $"the line is not valid text: {e.Message}";
            return null;
        }
    }

    void Skip()
    {
        if (!_skipping)
            _skippedFrom = Offset;
        _skipping = true;
        Offset += _end - _start;
        _start = _end = 0;
    }

    bool Fill()
    {
        if (_file is null)
        {
            if (!File.Exists(path))
                return false;
            _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        MakeRoom();
        var read = RandomAccess.Read(_file, _buffer.AsSpan(_end), Offset + _end - _start);
        _end += read;
        if (read == 0 && _start == _end)
            Release();
        return read > 0;
    }

    void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_buffer.Length - _end >= BlockSize / 2)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(BlockSize, _buffer.Length * 2));
        _buffer.AsSpan(0, _end).CopyTo(larger);
        var held = _end;
        Release();
        _buffer = larger;
        _end = held;
    }

    void Release()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }
}
