using Microsoft.Win32.SafeHandles;

namespace Holoflow.RunProtocol.Files;

/// <summary>Finds the ends of lines from the end of a file.</summary>
static class LineEnds
{
    const int Step = 64 * 1024;

    /// <summary>The offset after the last line end; 0 where there is none.</summary>
    public static long AfterLast(SafeFileHandle file) => AfterLastBefore(file, RandomAccess.GetLength(file));

    /// <summary>The offset after the last line end within the first <paramref name="end"/> bytes; 0 where there is none.</summary>
    public static long AfterLastBefore(SafeFileHandle file, long end)
    {
        var buffer = new byte[Step];
        while (end > 0)
        {
            var start = Math.Max(0, end - Step);
            var chunk = buffer.AsSpan(0, (int)(end - start));
            var read = ReadFully(file, chunk, start);
            var at = chunk[..read].LastIndexOf((byte)'\n');
            if (at >= 0)
                return start + at + 1;
            end = start;
        }
        return 0;
    }

    /// <summary>Fills the buffer, or up to the end of the file.</summary>
    public static int ReadFully(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length && RandomAccess.Read(file, buffer[total..], offset + total) is var read and > 0)
            total += read;
        return total;
    }
}
