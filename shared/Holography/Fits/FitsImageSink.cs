using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Holoflow.Holography.Fits;

/// <summary>Takes the values of an image, in order or anywhere. Memory: one buffer of a megabyte for each write under way.</summary>
public sealed class FitsImageSink
{
    const int BufferLength = 1 << 18;
    readonly FitsWriter _writer;
    readonly FitsUnitPlace _place;
    readonly long _count;
    readonly Lock _lock = new();
    long _next;
    long _written;
    uint _sum;

    internal FitsImageSink(FitsWriter writer, FitsUnitPlace place, long count)
    {
        _writer = writer;
        _place = place;
        _count = count;
    }

    /// <summary>Writes the values that follow those written last by this method.</summary>
    /// <param name="values">[any part of the image], fastest axis first, in the unit that BUNIT says; NaN stands for no value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image has no such values.</exception>
    public void Write(ReadOnlySpan<float> values)
    {
        WriteAt(_next, values);
        _next += values.Length;
    }

    /// <summary>
    /// Writes values anywhere: for planes that become ready out of order, from any thread. Each value is to be written once.
    /// </summary>
    /// <param name="first">The index of the first value: the fastest axis varies first.</param>
    /// <param name="values">[any part of the image], fastest axis first, in the unit that BUNIT says; NaN stands for no value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image has no such values.</exception>
    public void WriteAt(long first, ReadOnlySpan<float> values)
    {
        if (first < 0 || first > _count - values.Length)
            throw new ArgumentOutOfRangeException(nameof(first), $"Values {first} to {first + values.Length - 1} are written to an image of {_count}.");
        int[] buffer = ArrayPool<int>.Shared.Rent(Math.Min(BufferLength, values.Length));
        uint sum = 0;
        for (int at = 0; at < values.Length; at += BufferLength)
        {
            ReadOnlySpan<float> part = values.Slice(at, Math.Min(BufferLength, values.Length - at));
            sum = FitsChecksum.Add(sum, MemoryMarshal.Cast<float, uint>(part));
            Span<int> swapped = buffer.AsSpan(0, part.Length);
            if (BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(part), swapped);
            else
                MemoryMarshal.Cast<float, int>(part).CopyTo(swapped);
            _writer.Write(_place.DataStart + (4 * (first + at)), MemoryMarshal.AsBytes(swapped));
        }
        ArrayPool<int>.Shared.Return(buffer);
        lock (_lock)
        {
            _sum = FitsChecksum.Combine(_sum, sum);
            _written += values.Length;
        }
    }

    /// <summary>Ends the unit.</summary>
    /// <exception cref="InvalidOperationException">Fewer or more values were written than the image has.</exception>
    public void Complete()
    {
        if (_written != _count)
            throw new InvalidOperationException($"{_written} values were written to an image of {_count}.");
        _writer.End(_place, _sum);
    }
}
