using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Holoflow.Persistence.Copies;

/// <summary>A sum over the rows of a table that is the same in whatever order they come: databases sort texts differently.</summary>
public sealed class RowSum
{
    readonly ulong[] _parts = new ulong[4];

    public long Rows { get; private set; }

    /// <summary>Adds the lines, each with its end.</summary>
    public void AddLines(ReadOnlySpan<byte> lines)
    {
        while (lines.Length > 0)
        {
            var end = lines.IndexOf((byte)'\n');
            Add(end < 0 ? lines : lines[..end]);
            lines = end < 0 ? [] : lines[(end + 1)..];
        }
    }

    public void Add(ReadOnlySpan<byte> line)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line, hash);
        for (var i = 0; i < _parts.Length; i++)
            _parts[i] = unchecked(_parts[i] + BinaryPrimitives.ReadUInt64BigEndian(hash[(i * 8)..]));
        Rows++;
    }

    public override string ToString() => string.Concat(_parts.Select(p => p.ToString("x16")));
}
