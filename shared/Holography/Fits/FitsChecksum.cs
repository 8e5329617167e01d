using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Holoflow.Holography.Fits;

/// <summary>The 32-bit ones' complement checksum of FITS (standard 4.0, appendix J; Seaman, Pence and Rots).</summary>
static class FitsChecksum
{
    /// <summary>Adds 32-bit words that lie in this machine's order. The order of words does not matter to the sum.</summary>
    public static uint Add(uint sum, ReadOnlySpan<uint> words)
    {
        Vector<ulong> low = Vector<ulong>.Zero, high = Vector<ulong>.Zero;
        ReadOnlySpan<Vector<uint>> vectors = MemoryMarshal.Cast<uint, Vector<uint>>(words);
        ulong total = sum;
        // A lane of 64 bits overflows only after 2^32 words, far beyond what a span can hold.
        foreach (Vector<uint> vector in vectors)
        {
            Vector.Widen(vector, out Vector<ulong> a, out Vector<ulong> b);
            low += a;
            high += b;
        }
        total = Fold(total + Fold(Vector.Sum(low)) + Fold(Vector.Sum(high)));
        foreach (uint word in words[(vectors.Length * Vector<uint>.Count)..])
            total += word;
        return (uint)Fold(total);
    }

    /// <summary>Adds bytes as they stand in the file; their number must be a multiple of four.</summary>
    public static uint AddFileBytes(uint sum, ReadOnlySpan<byte> bytes)
    {
        ulong total = sum;
        for (int i = 0; i < bytes.Length; i += 4)
            total += BinaryPrimitives.ReadUInt32BigEndian(bytes[i..]);
        return (uint)Fold(total);
    }

    /// <summary>Joins the sums of two parts.</summary>
    public static uint Combine(uint a, uint b) => (uint)Fold((ulong)a + b);

    /// <summary>
    /// The sixteen characters of a CHECKSUM card that bring the sum of the unit to all ones: each byte of the complement is the sum of
    /// four characters, equal but for pairs moved apart until none is a punctuation character.
    /// </summary>
    public static string Encode(uint sum)
    {
        uint complement = ~sum;
        Span<byte> encoded = stackalloc byte[16];
        Span<int> characters = stackalloc int[4];
        for (int i = 0; i < 4; i++)
        {
            int value = (int)(complement >> (24 - (8 * i))) & 0xFF;
            int quotient = (value / 4) + '0';
            characters.Fill(quotient);
            characters[0] += value % 4;
            while (MoveApart(characters))
            {
            }
            for (int j = 0; j < 4; j++)
                encoded[(4 * j) + i] = (byte)characters[j];
        }
        // The card's string starts one column before a word, so the characters turn by one.
        return Encoding.ASCII.GetString(encoded[15..]) + Encoding.ASCII.GetString(encoded[..15]);
    }

    static bool MoveApart(Span<int> characters)
    {
        bool moved = false;
        for (int i = 0; i < 4; i += 2)
        {
            if (!IsPunctuation(characters[i]) && !IsPunctuation(characters[i + 1]))
                continue;
            characters[i]++;
            characters[i + 1]--;
            moved = true;
        }
        return moved;
    }

    static bool IsPunctuation(int character) => character is (>= ':' and <= '@') or (>= '[' and <= '`');

    static ulong Fold(ulong total)
    {
        while (total >> 32 != 0)
            total = (total & 0xFFFFFFFF) + (total >> 32);
        return total;
    }
}
