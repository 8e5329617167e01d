using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Holoflow.Holography.Tables;

/// <summary>Bools are stored as bits, least significant bit first.</summary>
static class BitPacking
{
    /// <summary>Unpacks bits from <paramref name="firstBit"/> of <paramref name="packed"/> on into one byte (0 or 1) each.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, long firstBit, Span<byte> destination)
    {
        int index = 0;
        while (index < destination.Length && ((firstBit + index) & 7) != 0)
        {
            destination[index] = Bit(packed, firstBit + index);
            index++;
        }
        int source = (int)((firstBit + index) >> 3);
        Span<ulong> wide = MemoryMarshal.Cast<byte, ulong>(destination[index..]);
        for (int i = 0; i < wide.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(destination.Slice(index + (8 * i), 8), Spread(packed[source + i]));
        for (index += 8 * wide.Length; index < destination.Length; index++)
            destination[index] = Bit(packed, firstBit + index);
    }

    /// <summary>Sets or clears the bits from <paramref name="firstBit"/> of <paramref name="packed"/> on; its other bits stay.</summary>
    public static void Pack(ReadOnlySpan<byte> values, Span<byte> packed, long firstBit)
    {
        int index = 0;
        while (index < values.Length)
        {
            long bit = firstBit + index;
            int position = (int)(bit >> 3);
            if ((bit & 7) == 0 && values.Length - index >= 8)
            {
                packed[position] = Gather(BinaryPrimitives.ReadUInt64LittleEndian(values.Slice(index, 8)));
                index += 8;
                continue;
            }
            int mask = 1 << (int)(bit & 7);
            packed[position] = (byte)(values[index] != 0 ? packed[position] | mask : packed[position] & ~mask);
            index++;
        }
    }

    static byte Bit(ReadOnlySpan<byte> packed, long bit) => (byte)((packed[(int)(bit >> 3)] >> (int)(bit & 7)) & 1);

    // Copies the byte into all eight lanes, keeps bit i of lane i, and moves it to the lane's lowest bit.
    static ulong Spread(byte bits)
    {
        ulong lanes = (bits * 0x0101010101010101UL) & 0x8040201008040201UL;
        return ((lanes + 0x7F7F7F7F7F7F7F7FUL) | lanes) >> 7 & 0x0101010101010101UL;
    }

    // A bool is 0 or 1; the multiplication moves lane i's lowest bit to bit 56 + i.
    static byte Gather(ulong lanes) => (byte)(((lanes & 0x0101010101010101UL) * 0x0102040810204080UL) >> 56);
}
