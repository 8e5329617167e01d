using System.Text;

namespace Holoflow.Holography.Tables;

/// <summary>Writes casacore's object stream (see <see cref="AipsReader"/>) into memory.</summary>
sealed class AipsWriter(ByteOrder order)
{
    readonly MemoryStream _stream = new();
    readonly Stack<long> _starts = new();

    public byte[] ToArray() => _stream.ToArray();

    public void Begin(string type, uint version)
    {
        if (_starts.Count == 0)
            Write(0xBEBEBEBE);
        _starts.Push(_stream.Position);
        Write(0u);
        Write(type);
        Write(version);
    }

    public void End()
    {
        long start = _starts.Pop(), end = _stream.Position;
        _stream.Position = start;
        Write((uint)(end - start));
        _stream.Position = end;
    }

    public void Write(bool value) => _stream.WriteByte(value ? (byte)1 : (byte)0);

    public void Write(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        order.WriteInt(bytes, value);
        _stream.Write(bytes);
    }

    public void Write(uint value) => Write((int)value);

    public void Write(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        order.WriteLong(bytes, value);
        _stream.Write(bytes);
    }

    public void Write(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        Write((uint)bytes.Length);
        _stream.Write(bytes);
    }

    public void WriteBlob(ReadOnlySpan<byte> bytes)
    {
        Write((uint)bytes.Length);
        _stream.Write(bytes);
    }

    /// <summary>Writes values that lie in native order (a bool as one byte).</summary>
    public void WriteValues(TableDataType type, ReadOnlySpan<byte> values)
    {
        byte[] copy;
        if (type == TableDataType.Bool)
        {
            copy = new byte[(values.Length + 7) / 8];
            BitPacking.Pack(values, copy, 0);
        }
        else
        {
            copy = values.ToArray();
            order.ToNative(copy, type.SwapSize());
        }
        _stream.Write(copy);
    }

    public void WriteBlock(ReadOnlySpan<uint> values)
    {
        Begin("Block", 1);
        Write((uint)values.Length);
        foreach (uint value in values)
            Write(value);
        End();
    }

    public void WriteShape(ReadOnlySpan<long> shape)
    {
        bool wide = false;
        foreach (long length in shape)
            wide |= length > int.MaxValue;
        Begin("IPosition", wide ? 2u : 1u);
        Write((uint)shape.Length);
        foreach (long length in shape)
        {
            if (wide)
                Write(length);
            else
                Write((int)length);
        }
        End();
    }
}
