namespace Holoflow.Sdk;

/// <summary>
/// Reads the whole lines that somebody, perhaps on another machine, appends to a file. It is opened anew each time: a network file system
/// shows what others wrote to a file when it is opened.
/// </summary>
sealed class NewLines(string path)
{
    const int LargestRead = 4 * 1024 * 1024;

    long _read;

    /// <summary>The lines that were not there before; at most a few megabytes a time.</summary>
    public List<byte[]> Read()
    {
        var lines = new List<byte[]>();
        var file = new FileInfo(path);
        if (!file.Exists || file.Length <= _read)
            return lines;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        stream.Position = _read;
        var bytes = new byte[Math.Min(stream.Length - _read, LargestRead)];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        for (var rest = bytes.AsSpan(0, length); rest.IndexOf((byte)'\n') is var end and >= 0; rest = rest[(end + 1)..])
        {
            lines.Add(rest[..end].ToArray());
            _read += end + 1;
        }
        return lines;
    }
}
