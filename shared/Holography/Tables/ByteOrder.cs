using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Holoflow.Holography.Tables;

/// <summary>Byte order of values on disk.</summary>
public enum ByteOrder
{
    BigEndian = 0,
    LittleEndian = 1,
}

static class ByteOrders
{
    public static ByteOrder Native => BitConverter.IsLittleEndian ? ByteOrder.LittleEndian : ByteOrder.BigEndian;

    /// <summary>Brings values read in <paramref name="order"/> to this machine's order, in place (its own inverse).</summary>
    public static void ToNative(this ByteOrder order, Span<byte> values, int size)
    {
        if (order == Native || size == 1)
            return;
        switch (size)
        {
            case 2:
                Span<short> shorts = MemoryMarshal.Cast<byte, short>(values);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                Span<int> ints = MemoryMarshal.Cast<byte, int>(values);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                Span<long> longs = MemoryMarshal.Cast<byte, long>(values);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(size), size, "Values of 1, 2, 4 or 8 bytes have a byte order.");
        }
    }

    public static int ReadInt(this ByteOrder order, ReadOnlySpan<byte> bytes) =>
        order == ByteOrder.BigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);

    public static uint ReadUInt(this ByteOrder order, ReadOnlySpan<byte> bytes) => (uint)order.ReadInt(bytes);

    public static long ReadLong(this ByteOrder order, ReadOnlySpan<byte> bytes) =>
        order == ByteOrder.BigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);

    public static void WriteInt(this ByteOrder order, Span<byte> bytes, int value)
    {
        if (order == ByteOrder.BigEndian)
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
    }

    public static void WriteLong(this ByteOrder order, Span<byte> bytes, long value)
    {
        if (order == ByteOrder.BigEndian)
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
    }
}
