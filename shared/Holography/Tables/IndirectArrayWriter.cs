namespace Holoflow.Holography.Tables;

/// <summary>Writes the file of arrays of variable shape (see <see cref="IndirectArrayFile"/>).</summary>
sealed class IndirectArrayWriter : IDisposable
{
    readonly FileStream _file;
    readonly ByteOrder _order;

    public IndirectArrayWriter(string path, ByteOrder order)
    {
        _order = order;
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        // Version 0, the length (filled in at the end), and filling: arrays start at multiples of eight.
        _file.Write(stackalloc byte[16]);
    }

    /// <summary>Appends an array and returns its position.</summary>
    public long Append(TableDataType type, IReadOnlyList<long> shape, ReadOnlySpan<byte> values)
    {
        int gap = (int)((8 - (_file.Position % 8)) % 8);
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        _file.Write(word[..gap]);
        word = word[..4];
        long position = _file.Position;
        _order.WriteInt(word, shape.Count);
        _file.Write(word);
        foreach (long length in shape)
        {
            _order.WriteInt(word, (int)length);
            _file.Write(word);
        }
        var stored = new byte[type.DiskBytes(values.Length / type.MemorySize())];
        if (type == TableDataType.Bool)
        {
            BitPacking.Pack(values, stored, 0);
        }
        else
        {
            values.CopyTo(stored);
            _order.ToNative(stored, type.SwapSize());
        }
        _file.Write(stored);
        return position;
    }

    public void Complete()
    {
        long length = _file.Position;
        Span<byte> header = stackalloc byte[12];
        header.Clear();
        _order.WriteLong(header[4..], length);
        _file.Position = 0;
        _file.Write(header);
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();
}
