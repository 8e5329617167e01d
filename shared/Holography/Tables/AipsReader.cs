using System.Text;

namespace Holoflow.Holography.Tables;

/// <summary>
/// Reads casacore's object stream: nested objects, each with a length, a type name and a version; a root object starts with a
/// magic number. Every read is checked against the bytes there are, so that a corrupt length gives an error and no huge allocation.
/// </summary>
sealed class AipsReader(byte[] bytes, string file, ByteOrder order, long fileOffset = 0)
{
    const uint Magic = 0xBEBEBEBE;
    readonly Stack<long> _ends = new();
    int _position;

    public string File => file;

    public int Position => _position;

    public TableFormatException Corrupt(string problem) => TableFormatException.At(file, fileOffset + _position, problem);

    /// <summary>Enters an object of the given type and returns its version.</summary>
    public uint Begin(string type) => Begin(name => string.Equals(name, type, StringComparison.Ordinal), type);

    /// <summary>Enters an object whose type name satisfies the predicate and returns its version.</summary>
    public uint Begin(Func<string, bool> accepts, string expected)
    {
        if (_ends.Count == 0 && ReadUInt() != Magic)
        {
            _position -= 4;
            throw Corrupt($"no object starts here: the magic number is missing where {expected} is expected");
        }
        int start = _position;
        uint length = ReadUInt();
        long end = start + (long)length;
        if (length < 12 || end > (_ends.Count == 0 ? bytes.Length : _ends.Peek()))
        {
            _position = start;
            throw Corrupt($"the object {expected} claims {length} bytes, more than there are");
        }
        string type = ReadString();
        if (!accepts(type))
        {
            _position = start;
            throw Corrupt($"found an object of type '{Printable(type)}' where {expected} is expected");
        }
        _ends.Push(end);
        return ReadUInt();
    }

    /// <summary>Leaves the object, past anything that a newer version may have appended.</summary>
    public void End() => _position = (int)_ends.Pop();

    public bool ReadBool() => Take(1)[0] != 0;

    public byte ReadByte() => Take(1)[0];

    public int ReadInt() => order.ReadInt(Take(4));

    public uint ReadUInt() => order.ReadUInt(Take(4));

    public long ReadLong() => order.ReadLong(Take(8));

    public string ReadString()
    {
        uint length = ReadUInt();
        return Encoding.UTF8.GetString(Take(length));
    }

    public byte[] ReadBlob()
    {
        uint length = ReadUInt();
        return Take(length).ToArray();
    }

    /// <summary>Reads a count that announces as many values of at least <paramref name="minimumSize"/> bytes each.</summary>
    public int ReadCount(int minimumSize)
    {
        uint count = ReadUInt();
        if (count * (long)minimumSize > bytes.Length - _position)
        {
            _position -= 4;
            throw Corrupt($"a count of {count} values is more than the {bytes.Length - _position} bytes left can hold");
        }
        return (int)count;
    }

    /// <summary>Fills the destination with values of the type in native order (a bool as one byte).</summary>
    public void ReadValues(TableDataType type, Span<byte> destination)
    {
        if (type == TableDataType.Bool)
        {
            BitPacking.Unpack(Take((destination.Length + 7) / 8), 0, destination);
            return;
        }
        Take(destination.Length).CopyTo(destination);
        order.ToNative(destination, type.SwapSize());
    }

    public int[] ReadIntBlock()
    {
        Begin("Block");
        var values = new int[ReadCount(4)];
        for (int i = 0; i < values.Length; i++)
            values[i] = ReadInt();
        End();
        return values;
    }

    public long[] ReadRowBlock(bool wide)
    {
        Begin("Block");
        var values = new long[ReadCount(wide ? 8 : 4)];
        for (int i = 0; i < values.Length; i++)
            values[i] = wide ? ReadLong() : ReadUInt();
        End();
        return values;
    }

    /// <summary>Reads a shape (casacore's IPosition).</summary>
    public long[] ReadShape()
    {
        uint version = Begin("IPosition");
        if (version is not (1 or 2))
            throw Corrupt($"a shape of version {version} is unknown");
        var values = new long[ReadCount(version == 1 ? 4 : 8)];
        for (int i = 0; i < values.Length; i++)
            values[i] = version == 1 ? ReadInt() : ReadLong();
        End();
        return values;
    }

    /// <summary>Rows that a binary search relies on must ascend.</summary>
    public void CheckAscending(ReadOnlySpan<long> rows, bool strictly)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] < 0 || (i > 0 && (rows[i] < rows[i - 1] || (strictly && rows[i] == rows[i - 1]))))
                throw Corrupt($"corrupt: row {rows[i]} in an index after row {(i > 0 ? rows[i - 1] : -1)}");
        }
    }

    /// <summary>Moves to an absolute position of the buffer; only between root objects.</summary>
    public void Seek(int position) => _position = position;

    ReadOnlySpan<byte> Take(long count)
    {
        if (count > bytes.Length - _position)
            throw Corrupt($"truncated: {count} bytes are needed and {bytes.Length - _position} are left");
        ReadOnlySpan<byte> span = bytes.AsSpan(_position, (int)count);
        _position += (int)count;
        return span;
    }

    static string Printable(string text) => new([.. text.Take(40).Select(c => char.IsControl(c) ? '?' : c)]);
}
