using Microsoft.Win32.SafeHandles;

namespace Holoflow.Holography.Tables;

/// <summary>
/// One data file of a table, read at given positions: no state is shared, so any number of threads may read. What lies outside
/// the file is an error that names the file and the offset.
/// </summary>
sealed class StorageFile : IDisposable
{
    readonly SafeFileHandle _handle;

    public StorageFile(string path)
    {
        Path = path;
        if (!File.Exists(path))
            throw new TableFormatException($"{path}: the file is missing");
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.RandomAccess);
    }

    public string Path { get; }

    public long Length => RandomAccess.GetLength(_handle);

    /// <summary>Fills the destination from the offset on.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        if (offset < 0)
            throw TableFormatException.At(Path, offset, "corrupt: a position before the start of the file is asked for");
        long position = offset;
        while (!destination.IsEmpty)
        {
            int count = RandomAccess.Read(_handle, destination, position);
            if (count == 0)
                throw TableFormatException.At(Path, position, $"truncated: {destination.Length} more bytes are needed and the file ends at {Length}");
            destination = destination[count..];
            position += count;
        }
    }

    /// <summary>Reads the file's head, at most <paramref name="maximum"/> bytes.</summary>
    public byte[] ReadHead(int maximum)
    {
        var bytes = new byte[Math.Min(maximum, Length)];
        Read(0, bytes);
        return bytes;
    }

    public byte[] ReadBytes(long offset, long count)
    {
        if (count < 0 || count > Length - offset)
            throw TableFormatException.At(Path, offset, $"truncated: {count} bytes are needed and the file ends at {Length}");
        var bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    public void Dispose() => _handle.Dispose();
}
