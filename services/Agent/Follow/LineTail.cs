using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Holoflow.Agent.Follow;

/// <summary>
/// Reads the lines of a file that a process writes, in bounded memory: long lines are cut, and of an endless output the
/// beginning and the end are kept, each with a mark.
/// </summary>
/// <param name="path">The file; need not exist yet.</param>
/// <param name="limit">After so many bytes only the end is kept.</param>
/// <param name="from">Where to begin.</param>
sealed class LineTail(string path, long limit, StreamPosition from) : IDisposable
{
    /// <summary>How much is kept of the end of an output that went over the limit, in bytes.</summary>
    public const int TailSize = 256 * 1024;

    /// <summary>How much of a line that is drawn over is looked at from its end, in bytes.</summary>
    const int DrawnSize = 4096;

    /// <summary>What a line weighs beside its text, in bytes.</summary>
    public const int LineOverhead = 64;

    SafeFileHandle? _file;
    long _seen;

    public StreamPosition Position { get; private set; } = from;

    /// <summary>Adds whole lines, up to about <paramref name="budget"/> bytes; returns how much of it was spent.</summary>
    /// <param name="add">Takes a line's number and text.</param>
    /// <param name="budget">In bytes.</param>
    /// <param name="final">Nobody writes any more: a last line without its end counts, and a capped output's end is due.</param>
    public int Read(Action<long, string> add, int budget, bool final)
    {
        if (!Open())
            return 0;
        var length = RandomAccess.GetLength(_file!);
        _seen = length;
        if (length < Position.Offset)
        {
            // The program opened its own output anew (echo > /dev/stderr does): what is there now is new.
            Position = Position with { Offset = 0, Skipping = false };
        }

        if (Position.Capped && !Position.AtTail)
        {
            if (!final)
                return 0;
            GoToTail(length, add);
        }

        return length == Position.Offset ? 0 : ReadBlock(add, budget, final);
    }

    /// <summary>True where <see cref="Read"/> would look at bytes that it has not seen.</summary>
    public bool HasGrown() => !(Position.Capped && !Position.AtTail) && Open() && RandomAccess.GetLength(_file!) != _seen;

    /// <summary>
    /// How the last line stands where it is not ended and is drawn over by carriage returns: what a terminal would show of it, and the offset at which that ends. The
    /// same offset is always the same text, so that it numbers the telling; the line itself is read when it is ended.
    /// </summary>
    public (long Number, string Text)? Unfinished()
    {
        if (Position.Capped || !Open())
            return null;
        var length = RandomAccess.GetLength(_file!);
        var first = Math.Max(Position.Skipping ? 0 : Position.Offset, length - DrawnSize);
        if (length <= first)
            return null;
        var buffer = new byte[length - first];
        var end = (ReadOnlySpan<byte>)buffer.AsSpan(0, RandomAccess.Read(_file!, buffer, first));
        var drawn = end.TrimEnd((byte)'\r');
        var start = drawn.LastIndexOf((byte)'\r');
        // Drawn once, not ended and not gone back to: nothing was drawn over yet.
        if (drawn.IsEmpty || end.Contains((byte)'\n') || (start < 0 && drawn.Length == end.Length))
            return null;
        return (first + drawn.Length, LogText.Decode(drawn[(start + 1)..]));
    }

    public void Dispose() => _file?.Dispose();

    bool Open()
    {
        if (_file is null && File.Exists(path))
            _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return _file is not null;
    }

    int ReadBlock(Action<long, string> add, int budget, bool final)
    {
        var size = Math.Max(budget, LogText.LongestLine + 1);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var read = RandomAccess.Read(_file!, buffer.AsSpan(0, size), Position.Offset);
            var isEnd = final && Position.Offset + read >= RandomAccess.GetLength(_file!);
            var (taken, spent) = Split(buffer.AsSpan(0, read), add, budget, isEnd);
            Position = Position with { Offset = Position.Offset + taken, Kept = Position.Kept + taken };
            if (Position.Kept >= limit && !Position.Capped)
            {
                Position = Position with { Capped = true };
                Add(add, $"[output over {limit} bytes is left out here until its end; all of it is in {path}]");
            }

            return spent;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    (int Taken, int Spent) Split(ReadOnlySpan<byte> block, Action<long, string> add, int budget, bool isEnd)
    {
        var taken = 0;
        var spent = 0;
        while (taken < block.Length && spent < budget)
        {
            var rest = block[taken..];
            var newline = rest.IndexOf((byte)'\n');
            var line = newline < 0 ? rest : rest[..newline];
            var isWhole = newline >= 0 || isEnd;
            if (!Position.Skipping)
            {
                if (line.Length > LogText.LongestLine)
                {
                    Add(add, LogText.Decode(line[..LogText.Boundary(line, LogText.LongestLine)]) + LogText.CutMark);
                    Position = Position with { Skipping = true };
                }
                else if (isWhole)
                {
                    Add(add, LogText.Decode(line.EndsWith((byte)'\r') ? line[..^1] : line));
                }
                else
                {
                    break;
                }
            }

            taken += newline < 0 ? rest.Length : newline + 1;
            spent += Math.Min(line.Length, LogText.LongestLine) + LineOverhead;
            if (isWhole)
                Position = Position with { Skipping = false };
        }

        return (taken, spent);
    }

    void GoToTail(long length, Action<long, string> add)
    {
        var tail = Math.Max(Position.Offset, length - TailSize);
        var leftOut = tail - Position.Offset;
        Position = Position with { Offset = tail, AtTail = true, Skipping = Position.Skipping || leftOut > 0 };
        if (leftOut > 0)
            Add(add, $"[{leftOut} bytes are left out here]");
    }

    void Add(Action<long, string> add, string text)
    {
        Position = Position with { Lines = Position.Lines + 1 };
        add(Position.Lines, text);
    }
}
