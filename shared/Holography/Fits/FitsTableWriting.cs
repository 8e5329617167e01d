using System.Runtime.InteropServices;
using System.Text;
using Holoflow.Holography.Tables;

namespace Holoflow.Holography.Fits;

/// <summary>Writes a binary table extension (FITS standard 4.0, section 7.3), row after row.</summary>
static class FitsTableWriting
{
    public static void Write(FitsWriter writer, string name, IReadOnlyList<FitsColumn> columns, FitsHeader header)
    {
        long rows = columns.Count == 0 ? 0 : columns[0].RowCount;
        foreach (FitsColumn column in columns)
        {
            if (column.RowCount != rows)
                throw new ArgumentException($"Column {column.Name} has {column.RowCount} rows and {columns[0].Name} {rows}.", nameof(columns));
        }
        int rowBytes = columns.Sum(column => column.RowBytes);
        FitsHeader full = new FitsHeader()
            .Add("XTENSION", "BINTABLE", "binary table extension")
            .Add("BITPIX", 8L, "array data type")
            .Add("NAXIS", 2L, "number of array dimensions")
            .Add("NAXIS1", rowBytes, "length of dimension 1")
            .Add("NAXIS2", rows, "length of dimension 2")
            .Add("PCOUNT", 0L, "number of group parameters")
            .Add("GCOUNT", 1L, "number of groups")
            .Add("TFIELDS", columns.Count, "number of table fields");
        for (int i = 0; i < columns.Count; i++)
        {
            full.Add($"TTYPE{i + 1}", columns[i].Name).Add($"TFORM{i + 1}", $"{columns[i].Repeat}{columns[i].Code}");
            if (columns[i].Unit.Length > 0)
                full.Add($"TUNIT{i + 1}", columns[i].Unit);
        }
        full.Add("EXTNAME", name, "extension name").AddRange(header.Cards);
        FitsUnitPlace place = writer.Begin(full, rows * rowBytes);
        writer.End(place, WriteRows(writer, place, columns, rows, rowBytes));
    }

    static uint WriteRows(FitsWriter writer, FitsUnitPlace place, IReadOnlyList<FitsColumn> columns, long rows, int rowBytes)
    {
        // Rows in groups of four keep the checksum's words whole.
        int group = 4 * Math.Max(1, (1 << 18) / Math.Max(1, rowBytes));
        var buffer = new byte[group * rowBytes];
        uint sum = 0;
        for (long row = 0; row < rows; row += group)
        {
            int count = (int)Math.Min(group, rows - row), at = 0;
            Array.Clear(buffer);
            for (int i = 0; i < count; i++)
            {
                foreach (FitsColumn column in columns)
                {
                    Encode(column, row + i, buffer.AsSpan(at, column.RowBytes));
                    at += column.RowBytes;
                }
            }
            writer.Write(place.DataStart + (row * rowBytes), buffer.AsSpan(0, at));
            sum = FitsChecksum.AddFileBytes(sum, buffer);
        }
        return sum;
    }

    static void Encode(FitsColumn column, long row, Span<byte> cell)
    {
        switch (column.Values)
        {
            case string[] texts:
                Encoding.ASCII.GetBytes(texts[row], cell);
                return;
            case bool[] flags:
                for (int i = 0; i < column.Repeat; i++)
                    cell[i] = flags[(row * column.Repeat) + i] ? (byte)'T' : (byte)'F';
                return;
        }
        int size = FitsColumn.Size(column.Code);
        ref byte start = ref MemoryMarshal.GetArrayDataReference(column.Values);
        MemoryMarshal.CreateReadOnlySpan(ref start, column.Values.Length * size).Slice((int)(row * cell.Length), cell.Length).CopyTo(cell);
        ByteOrder.BigEndian.ToNative(cell, FitsColumn.SwapSize(column.Code));
    }
}
