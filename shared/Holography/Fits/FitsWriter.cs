using Microsoft.Win32.SafeHandles;

namespace Holoflow.Holography.Fits;

/// <summary>
/// Writes a FITS file, header-data unit by unit, into a temporary file beside the one it becomes when it is complete. Images are
/// streamed: nothing of their size is ever held.
/// </summary>
public sealed class FitsWriter : IDisposable
{
    readonly string _path;
    readonly string _temporary;
    readonly SafeFileHandle _file;
    readonly bool _checksums;
    long _end;
    bool _isOpen;
    bool _isComplete;

    FitsWriter(string path, bool checksums)
    {
        _path = path;
        _temporary = path + ".partial";
        _checksums = checksums;
        _file = File.OpenHandle(_temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>Starts a file; an existing one of that name is replaced when this is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="checksums">Whether each unit gets CHECKSUM and DATASUM cards.</param>
    public static FitsWriter Create(string path, bool checksums = true) => new(path, checksums);

    /// <summary>
    /// Starts an image of 32-bit floats: the primary one if it is the first unit of the file, else an extension. Complete it before the next.
    /// </summary>
    /// <param name="shape">NAXIS1, NAXIS2 ...: the fastest axis first; empty for a header without data.</param>
    /// <param name="header">All cards beyond the mandatory ones.</param>
    /// <param name="name">EXTNAME of an extension.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not longer than 0.</exception>
    /// <exception cref="InvalidOperationException">The unit before it is not complete.</exception>
    public FitsImageSink BeginImage(ReadOnlySpan<long> shape, FitsHeader header, string name = "")
    {
        var full = new FitsHeader();
        if (_end == 0)
            full.Add("SIMPLE", true, "conforms to FITS standard");
        else
            full.Add("XTENSION", "IMAGE", "Image extension");
        full.Add("BITPIX", shape.IsEmpty ? 8L : -32L, "array data type").Add("NAXIS", shape.Length, "number of array dimensions");
        long count = shape.IsEmpty ? 0 : 1;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] <= 0)
                throw new ArgumentOutOfRangeException(nameof(shape), shape[axis], $"Axis {axis + 1} of an image needs a positive length.");
            full.Add($"NAXIS{axis + 1}", shape[axis]);
            count = checked(count * shape[axis]);
        }
        if (_end > 0)
            full.Add("PCOUNT", 0L, "number of parameters").Add("GCOUNT", 1L, "number of groups");
        if (name.Length > 0)
            full.Add("EXTNAME", name, "extension name");
        return new FitsImageSink(this, Begin(full.AddRange(header.Cards), 4 * count), count);
    }

    /// <summary>Writes a binary table with all its rows.</summary>
    /// <param name="name">EXTNAME.</param>
    /// <param name="columns">The columns, all with as many rows.</param>
    /// <param name="header">Cards beyond those that describe the table.</param>
    /// <exception cref="ArgumentException">Columns of different numbers of rows, or none.</exception>
    /// <exception cref="InvalidOperationException">The unit before it is not complete.</exception>
    public void WriteTable(string name, IReadOnlyList<FitsColumn> columns, FitsHeader? header = null)
    {
        if (_end == 0)
            BeginImage([], new FitsHeader().Add("EXTEND", true, "extensions may follow")).Complete();
        FitsTableWriting.Write(this, name, columns, header ?? new FitsHeader());
    }

    /// <summary>Gives the finished file its name.</summary>
    /// <exception cref="InvalidOperationException">A unit is not complete.</exception>
    public void Complete()
    {
        if (_isOpen || _end == 0)
            throw new InvalidOperationException($"{_path}: {(_end == 0 ? "the file has no header-data unit" : "the last header-data unit is not complete")}");
        RandomAccess.FlushToDisk(_file);
        _file.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _isComplete = true;
    }

    /// <summary>Closes; a file that was not completed is deleted.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (!_isComplete)
            File.Delete(_temporary);
    }

    /// <summary>Writes the header and sets its data's place aside.</summary>
    internal FitsUnitPlace Begin(FitsHeader header, long dataLength)
    {
        if (_isOpen)
            throw new InvalidOperationException($"{_path}: the last header-data unit is not complete");
        _isOpen = true;
        if (header.Cards.Any(card => card.Format().Length > FitsCard.Length))
            header.Add("LONGSTRN", "OGIP 1.0", "long strings are continued");
        if (_checksums)
            header.Add("CHECKSUM", FitsUnitPlace.NoChecksum, "HDU checksum").Add("DATASUM", "0         ", "data unit checksum");
        byte[] bytes = header.ToBytes();
        RandomAccess.Write(_file, bytes, _end);
        long start = _end + bytes.Length;
        return new FitsUnitPlace(header, _end, start, dataLength);
    }

    internal void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_file, bytes, offset);

    /// <summary>Fills the last block and puts the checksums into the header.</summary>
    internal void End(FitsUnitPlace place, uint dataSum, byte filling = 0)
    {
        long end = place.DataStart + place.DataLength;
        int rest = (int)((FitsHeader.BlockLength - (end % FitsHeader.BlockLength)) % FitsHeader.BlockLength);
        var fill = new byte[rest];
        Array.Fill(fill, filling);
        RandomAccess.Write(_file, fill, end);
        _end = end + rest;
        _isOpen = false;
        if (!_checksums)
            return;
        place.Header.Replace("DATASUM", dataSum.ToString().PadRight(10));
        uint sum = FitsChecksum.AddFileBytes(dataSum, place.Header.ToBytes());
        place.Header.Replace("CHECKSUM", FitsChecksum.Encode(sum));
        RandomAccess.Write(_file, place.Header.ToBytes(), place.HeaderStart);
    }
}

/// <summary>Where a header-data unit lies in the file that is being written.</summary>
sealed record FitsUnitPlace(FitsHeader Header, long HeaderStart, long DataStart, long DataLength)
{
    /// <summary>What the card holds while the checksum is computed.</summary>
    public const string NoChecksum = "0000000000000000";
}
