using System.Buffers;

namespace Holoflow.RunProtocol.Files;

/// <summary>Bytes that wait for the next write; can be cut back where a line could not be finished.</summary>
sealed class LineBuffer : IBufferWriter<byte>
{
    const int KeptBytes = 4 * 1024 * 1024;

    byte[] _bytes = new byte[16 * 1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public void CutTo(int length) => Length = length;

    /// <summary>Empties the buffer; memory that one burst needed is given back.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptBytes)
            _bytes = new byte[16 * 1024];
    }

    void Grow(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 256);
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
    }
}
