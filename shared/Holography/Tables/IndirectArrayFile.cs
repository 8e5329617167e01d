using System.Text;

namespace Holoflow.Holography.Tables;

/// <summary>The file beside a storage manager's (suffix <c>i</c>) that holds arrays of variable shape: shape, then values.</summary>
sealed class IndirectArrayFile : IDisposable
{
    const int MaximumDimensions = 64;
    readonly StorageFile _file;
    readonly ByteOrder _order;
    readonly int _countSize;

    public IndirectArrayFile(string path, ByteOrder order)
    {
        _file = new StorageFile(path);
        _order = order;
        Span<byte> version = stackalloc byte[4];
        _file.Read(0, version);
        // Since version 1 a reference count precedes the shape.
        _countSize = order.ReadUInt(version) > 0 ? 4 : 0;
    }

    public long[] Shape(long position, TableDataType type)
    {
        long[] shape = ReadShape(position, out long start);
        long bytes = type == TableDataType.String ? 4 * Shapes.Product(shape) : type.DiskBytes(Shapes.Product(shape));
        return bytes <= _file.Length - start
            ? shape
            : throw TableFormatException.At(_file.Path, position, $"truncated: an array of shape {Shapes.Text(shape)} and the file ends at {_file.Length}");
    }

    public void Read(long position, TableDataType type, long cellCount, Span<byte> destination)
    {
        ReadShape(position, out long start);
        if (type == TableDataType.Bool)
        {
            BitPacking.Unpack(_file.ReadBytes(start, (cellCount + 7) / 8), 0, destination);
            return;
        }
        _file.Read(start, destination);
        _order.ToNative(destination, type.SwapSize());
    }

    public string[] ReadStrings(long position)
    {
        long[] shape = ReadShape(position, out long start);
        byte[] offsets = _file.ReadBytes(start, 4 * Shapes.Product(shape));
        var texts = new string[offsets.Length / 4];
        for (int i = 0; i < texts.Length; i++)
        {
            uint offset = _order.ReadUInt(offsets.AsSpan(4 * i));
            texts[i] = offset == 0 ? "" : Encoding.UTF8.GetString(_file.ReadBytes(offset + 4L, _order.ReadUInt(_file.ReadBytes(offset, 4))));
        }
        return texts;
    }

    public void Dispose() => _file.Dispose();

    long[] ReadShape(long position, out long end)
    {
        Span<byte> word = stackalloc byte[4];
        _file.Read(position + _countSize, word);
        int dimensions = _order.ReadInt(word);
        if (dimensions is < 0 or > MaximumDimensions)
            throw TableFormatException.At(_file.Path, position, $"corrupt: an array of {dimensions} axes");
        var shape = new long[dimensions];
        long at = position + _countSize + 4;
        for (int i = 0; i < dimensions; i++, at += 4)
        {
            _file.Read(at, word);
            shape[i] = _order.ReadInt(word);
            if (shape[i] < 0)
                throw TableFormatException.At(_file.Path, at, $"corrupt: an array axis of {shape[i]} values");
        }
        end = at;
        return shape;
    }
}
