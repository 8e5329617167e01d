using Holoflow.Holography.Tables;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Tables;

/// <summary>
/// TiledDataStMan, which casacore reads and Python cannot write: the tables are put together here, and casacore judges both that they are
/// valid and what they hold.
/// </summary>
public sealed class TiledDataTests
{
    [Theory]
    [InlineData(ByteOrder.LittleEndian, 1)]
    [InlineData(ByteOrder.BigEndian, 1)]
    [InlineData(ByteOrder.LittleEndian, 3)]
    public async Task Rows_are_found_in_their_cubes(ByteOrder order, int rowsAside)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("tiled-data");
        // Two cubes of cells 3 x 2; with rows aside, an axis of that many rows lies between the cell's axes and the last.
        long[] axis = rowsAside > 1 ? [rowsAside] : [];
        Write(path, order, [[3, 2, .. axis, 4], [3, 2, .. axis, 5]], [2, 2, .. axis.Select(_ => 2L), 3], rowsAside);
        await TableComparison.AssertSame([path], TestContext.Current.CancellationToken);
    }

    static void Write(string path, ByteOrder order, long[][] shapes, long[] tile, int rowsAside)
    {
        Directory.CreateDirectory(path);
        var column = new ColumnDescription("DATA", TableDataType.Float, true, 2, null, false, 0, "TiledDataStMan", "Tiled", "", new TableKeywords());
        uint rows = (uint)(9 * rowsAside);
        var header = new AipsWriter(ByteOrder.BigEndian);
        header.Begin("TiledDataStMan", 2);
        header.Begin("TiledStMan", order == ByteOrder.BigEndian ? 1u : 2u);
        if (order == ByteOrder.LittleEndian)
            header.Write(false);
        foreach (uint number in new uint[] { 0, rows, 1, (uint)TableDataType.Float })
            header.Write(number);
        header.Write("Tiled");
        header.Write(0u);
        header.Write((uint)tile.Length);
        header.Write(1u);
        long tileBytes = 4 * Shapes.Product(tile), offset = 0;
        long[] offsets = [.. shapes.Select(shape => (offset += tileBytes * TileCount(shape, tile)) - (tileBytes * TileCount(shape, tile)))];
        header.Write(true);
        header.Write(1u);
        header.Write(0u);
        header.Write((uint)offset);
        header.Write((uint)shapes.Length);
        for (int i = 0; i < shapes.Length; i++)
            WriteCube(header, shapes[i], tile, (uint)offsets[i]);
        header.End();
        header.Write((long)rows);
        // The first rows lie in the second cube, the next in the first, the rest again in the second.
        WriteWideBlock(header, [0, 2L * rowsAside, 6L * rowsAside]);
        header.WriteBlock([1, 0, 1]);
        header.WriteBlock([0, 0, 2]);
        header.End();
        File.WriteAllBytes(Path.Combine(path, "table.f0"), header.ToArray());
        byte[] values = new byte[offset];
        for (int i = 0; i < values.Length; i += 4)
            order.WriteInt(values.AsSpan(i), BitConverter.SingleToInt32Bits(i / 4f));
        File.WriteAllBytes(Path.Combine(path, "table.f0_TSM0"), values);
        byte[] directory = new TableDescriptionWriter(new AipsWriter(ByteOrder.BigEndian)).Write(rows, order, new TableKeywords(), [column], [0], [("TiledDataStMan", [])]);
        // The hypercolumn's number of axes is the word before its first array.
        int array = directory.AsSpan().IndexOf("Array<String>"u8);
        ByteOrder.BigEndian.WriteInt(directory.AsSpan(array - 12), tile.Length);
        File.WriteAllBytes(Path.Combine(path, "table.dat"), directory);
        File.WriteAllText(Path.Combine(path, "table.info"), "Type = \nSubType = \n\n");
    }

    static long TileCount(long[] shape, long[] tile) => shape.Zip(tile, (length, part) => (length + part - 1) / part).Aggregate(1L, (a, b) => a * b);

    static void WriteCube(AipsWriter writer, long[] shape, long[] tile, uint offset)
    {
        writer.Write(1u);
        writer.Begin("Record", 1);
        writer.Begin("RecordDesc", 2);
        writer.Write(0);
        writer.End();
        writer.Write(1);
        writer.End();
        writer.Write(true);
        writer.Write((uint)shape.Length);
        writer.WriteShape(shape);
        writer.WriteShape(tile);
        writer.Write(0);
        writer.Write(offset);
    }

    static void WriteWideBlock(AipsWriter writer, long[] values)
    {
        writer.Begin("Block", 1);
        writer.Write((uint)values.Length);
        foreach (long value in values)
            writer.Write(value);
        writer.End();
    }
}
