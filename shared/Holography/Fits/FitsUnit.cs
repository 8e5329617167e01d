using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Holoflow.Holography.Tables;

namespace Holoflow.Holography.Fits;

/// <summary>A header-data unit of an open file: an image, or a binary table.</summary>
public sealed class FitsUnit
{
    readonly FitsReader _file;
    readonly int _bitsPerValue;
    readonly double _scale = 1, _zero;

    internal FitsUnit(FitsReader file, FitsHeader header, long headerStart, long dataStart)
    {
        _file = file;
        Header = header;
        HeaderStart = headerStart;
        DataStart = dataStart;
        _bitsPerValue = (int)header.GetInteger("BITPIX");
        if (_bitsPerValue is not (8 or 16 or 32 or 64 or -32 or -64))
            throw new FitsFormatException($"{file.Path}: the header at offset {headerStart} has BITPIX {_bitsPerValue}");
        long axes = header.GetInteger("NAXIS");
        if (axes is < 0 or > 999)
            throw new FitsFormatException($"{file.Path}: the header at offset {headerStart} has {axes} axes");
        Shape = [.. Enumerable.Range(1, (int)axes).Select(axis => header.GetInteger($"NAXIS{axis}"))];
        if (Shape.Any(length => length < 0))
            throw new FitsFormatException($"{file.Path}: the header at offset {headerStart} has an axis of negative length");
        IsTable = header.Find("XTENSION") is "BINTABLE";
        Count = Shape.Count == 0 ? 0 : Shapes.Product(Shape);
        long parameters = header.Find("PCOUNT") is long count ? count : 0;
        DataLength = checked((Count + parameters) * Math.Abs(_bitsPerValue) / 8);
        if (header.Contains("BSCALE"))
            _scale = header.GetDouble("BSCALE");
        if (header.Contains("BZERO"))
            _zero = header.GetDouble("BZERO");
    }

    public FitsHeader Header { get; }

    /// <summary>NAXIS1, NAXIS2 ...: the fastest axis first.</summary>
    public IReadOnlyList<long> Shape { get; }

    public bool IsTable { get; }

    /// <summary>Values of an image; bytes of a table.</summary>
    public long Count { get; }

    /// <summary>Rows of a table.</summary>
    public long RowCount => IsTable ? Shape[1] : 0;

    internal long HeaderStart { get; }

    internal long DataStart { get; }

    internal long DataLength { get; }

    internal long PaddedLength => (DataLength + FitsHeader.BlockLength - 1) / FitsHeader.BlockLength * FitsHeader.BlockLength;

    /// <summary>Reads values of an image of any type, with BSCALE and BZERO applied.</summary>
    /// <param name="first">The index of the first value: the fastest axis varies first.</param>
    /// <param name="destination">Receives [any part of the image], fastest axis first, in the unit that BUNIT says; NaN stands for no value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image has no such values.</exception>
    /// <exception cref="FitsFormatException">The file is shorter than its header says.</exception>
    public void ReadImage(long first, Span<float> destination)
    {
        if (IsTable || first < 0 || first > Count - destination.Length)
            throw new ArgumentOutOfRangeException(nameof(first), $"{_file.Path}: values {first} to {first + destination.Length - 1} are asked for of {Count}");
        if (_bitsPerValue == -32 && _scale == 1 && _zero == 0)
        {
            _file.Read(DataStart + (4 * first), MemoryMarshal.AsBytes(destination));
            ByteOrder.BigEndian.ToNative(MemoryMarshal.AsBytes(destination), 4);
            return;
        }
        int size = Math.Abs(_bitsPerValue) / 8;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        int most = buffer.Length / size;
        for (int done = 0; done < destination.Length;)
        {
            int count = Math.Min(most, destination.Length - done);
            _file.Read(DataStart + ((first + done) * size), buffer.AsSpan(0, count * size));
            for (int i = 0; i < count; i++)
                destination[done + i] = (float)((Value(buffer.AsSpan(i * size)) * _scale) + _zero);
            done += count;
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Reads a column of a table: rows x repeat values.</summary>
    /// <typeparam name="T">bool, byte, short, int, long, float, double, <see cref="ComplexSingle"/> or <see cref="System.Numerics.Complex"/>, as the column's format says.</typeparam>
    /// <exception cref="FitsFormatException">There is no such column, it is of another type or of a format that is not supported.</exception>
    public T[] ReadColumn<T>(string name)
        where T : unmanaged
    {
        (char code, int repeat, int offset) = FindColumn(name);
        if (FitsColumn.Of("", Array.Empty<T>()).Code != code)
            throw new FitsFormatException($"{_file.Path}: column {name} has format {code}, which is not {typeof(T).Name}");
        var values = new T[RowCount * repeat];
        Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        int cell = repeat * FitsColumn.Size(code);
        for (int row = 0; row < RowCount; row++)
            _file.Read(DataStart + (row * Shape[0]) + offset, bytes.Slice(row * cell, cell));
        if (code == 'L')
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = bytes[i] == 'T' ? (byte)1 : (byte)0;
        else
            ByteOrder.BigEndian.ToNative(bytes, FitsColumn.SwapSize(code));
        return values;
    }

    /// <summary>Reads a column of strings, without the blanks at their ends.</summary>
    /// <returns>[row].</returns>
    /// <exception cref="FitsFormatException">There is no such column, it is of another type, or the file is shorter than its header says.</exception>
    public string[] ReadStrings(string name)
    {
        (char code, int repeat, int offset) = FindColumn(name);
        if (code != 'A')
            throw new FitsFormatException($"{_file.Path}: column {name} has format {code}, which is no string");
        var cell = new byte[repeat];
        var values = new string[RowCount];
        for (int row = 0; row < values.Length; row++)
        {
            _file.Read(DataStart + (row * Shape[0]) + offset, cell);
            values[row] = Encoding.ASCII.GetString(cell).TrimEnd('\0', ' ');
        }
        return values;
    }

    (char Code, int Repeat, int Offset) FindColumn(string name)
    {
        int offset = 0;
        for (int i = 1; IsTable && i <= Header.GetInteger("TFIELDS"); i++)
        {
            string format = Header.GetText($"TFORM{i}").Trim();
            int digits = format.TakeWhile(char.IsAsciiDigit).Count();
            int repeat = digits == 0 ? 1 : int.Parse(format[..digits]);
            char code = digits < format.Length ? format[digits] : ' ';
            if (string.Equals(Header.Find($"TTYPE{i}") as string, name, StringComparison.Ordinal))
                return (code, repeat, offset);
            offset += code switch
            {
                'P' => 8 * repeat,
                'Q' => 16 * repeat,
                'X' => (repeat + 7) / 8,
                _ => repeat * FitsColumn.Size(code),
            };
        }
        throw new FitsFormatException($"{_file.Path}: there is no column {name}");
    }

    double Value(ReadOnlySpan<byte> bytes) => _bitsPerValue switch
    {
        8 => bytes[0],
        16 => BinaryPrimitives.ReadInt16BigEndian(bytes),
        32 => BinaryPrimitives.ReadInt32BigEndian(bytes),
        64 => BinaryPrimitives.ReadInt64BigEndian(bytes),
        -32 => BinaryPrimitives.ReadSingleBigEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleBigEndian(bytes),
    };
}
