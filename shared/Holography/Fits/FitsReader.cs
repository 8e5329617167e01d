using System.Buffers;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Holoflow.Holography.Fits;

/// <summary>Reads a FITS file: headers when it is opened, images and columns by ranges into the caller's buffers.</summary>
public sealed class FitsReader : IDisposable
{
    readonly SafeFileHandle _file;
    readonly long _length;
    readonly List<FitsUnit> _units = [];

    FitsReader(string path)
    {
        Path = path;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        _length = RandomAccess.GetLength(_file);
    }

    public string Path { get; }

    /// <summary>The header-data units, the primary one first.</summary>
    public IReadOnlyList<FitsUnit> Units => _units;

    /// <summary>Opens a file and reads all headers.</summary>
    /// <exception cref="FitsFormatException">It is no FITS file, or is truncated.</exception>
    public static FitsReader Open(string path)
    {
        if (!File.Exists(path))
            throw new FitsFormatException($"{path}: the file is missing");
        var reader = new FitsReader(path);
        try
        {
            reader.ReadHeaders();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The first extension of that EXTNAME.</summary>
    /// <exception cref="FitsFormatException">There is none.</exception>
    public FitsUnit Unit(string name) => _units.Find(unit => string.Equals(unit.Header.Find("EXTNAME") as string, name, StringComparison.Ordinal))
        ?? throw new FitsFormatException($"{Path}: there is no extension {name}");

    /// <summary>Checks the CHECKSUM and DATASUM cards; returns one line for each that is wrong, [those that are wrong].</summary>
    /// <exception cref="FitsFormatException">The file is shorter than its headers say.</exception>
    public IReadOnlyList<string> VerifyChecksums()
    {
        var problems = new List<string>();
        for (int i = 0; i < _units.Count; i++)
        {
            FitsUnit unit = _units[i];
            uint dataSum = Sum(unit.DataStart, unit.PaddedLength);
            if (unit.Header.Find("DATASUM") is string stored && !string.Equals(stored.Trim(), dataSum.ToString(), StringComparison.Ordinal))
                problems.Add($"{Path}: unit {i}: DATASUM says {stored.Trim()} and the data sum up to {dataSum}");
            if (unit.Header.Contains("CHECKSUM") && FitsChecksum.Combine(dataSum, Sum(unit.HeaderStart, unit.DataStart - unit.HeaderStart)) is not (0 or uint.MaxValue))
                problems.Add($"{Path}: unit {i}: CHECKSUM does not match");
        }
        return problems;
    }

    public void Dispose() => _file.Dispose();

    internal void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int count = RandomAccess.Read(_file, destination, offset);
            if (count == 0)
                throw new FitsFormatException($"{Path}: truncated: {destination.Length} more bytes are needed at offset {offset} and the file ends at {_length}");
            destination = destination[count..];
            offset += count;
        }
    }

    uint Sum(long offset, long length)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        uint sum = 0;
        for (long done = 0; done < length;)
        {
            int count = (int)Math.Min(1 << 20, length - done);
            Read(offset + done, buffer.AsSpan(0, count));
            sum = FitsChecksum.AddFileBytes(sum, buffer.AsSpan(0, count));
            done += count;
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return sum;
    }

    void ReadHeaders()
    {
        for (long offset = 0; offset < _length;)
        {
            (FitsHeader header, long end) = ReadHeader(offset);
            var unit = new FitsUnit(this, header, offset, end);
            if (unit.DataStart + unit.DataLength > _length)
                throw new FitsFormatException(
                    $"{Path}: truncated: the data of unit {_units.Count} need {unit.DataLength} bytes from offset {unit.DataStart} on and the file ends at {_length}");
            _units.Add(unit);
            offset = unit.DataStart + unit.PaddedLength;
        }
        if (_units.Count == 0)
            throw new FitsFormatException($"{Path}: the file is empty");
    }

    (FitsHeader Header, long End) ReadHeader(long offset)
    {
        var header = new FitsHeader();
        var block = new byte[FitsHeader.BlockLength];
        for (long start = offset; ; start += FitsHeader.BlockLength)
        {
            Read(start, block);
            string text = Encoding.Latin1.GetString(block);
            if (start == offset && !text.StartsWith("SIMPLE  =", StringComparison.Ordinal) && !text.StartsWith("XTENSION=", StringComparison.Ordinal))
                throw new FitsFormatException($"{Path}: no header starts at offset {offset}: SIMPLE or XTENSION is missing");
            for (int at = 0; at < text.Length; at += FitsCard.Length)
            {
                string card = text.Substring(at, FitsCard.Length);
                if (card.StartsWith("END     ", StringComparison.Ordinal))
                    return (header, start + FitsHeader.BlockLength);
                AddCard(header, card);
            }
        }
    }

    static void AddCard(FitsHeader header, string card)
    {
        if (card.StartsWith("CONTINUE", StringComparison.Ordinal) && header.Cards.Count > 0 && header.Cards[^1] is { Value: string text } last && text.EndsWith('&'))
            header.Replace(last.Keyword, text[..^1] + FitsCard.ParseContinuation(card));
        else
            header.Add(FitsCard.Parse(card));
    }
}
