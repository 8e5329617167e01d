using System.Buffers;

namespace Holoflow.Holography.Tables;

/// <summary>
/// Writes one column by TiledShapeStMan: a hypercube, in a file of its own, for each cell shape that occurs. A tile holds whole
/// cells and a multiple of eight rows, so that the file is simply the rows one after the other, filled up to a whole tile.
/// </summary>
sealed class TiledShapeStorageWriter(string path, int sequenceNumber, ByteOrder order, ColumnDescription column, int tileBytes) : StorageWriter
{
    sealed class Cube(long[] shape, int tileRows, FileStream file)
    {
        public long[] Shape => shape;

        public int TileRows => tileRows;

        public FileStream File => file;

        public long Rows { get; set; }

        /// <summary>The bits of the byte that is not full yet, and how many.</summary>
        public byte PartialByte { get; set; }

        public int PartialBits { get; set; }
    }

    readonly List<Cube> _cubes = [];
    readonly List<uint> _lastRows = [], _cubeNumbers = [], _lastPlaces = [];
    long _rows;

    public override long RowCount(int _) => _rows;

    public override void Append(int _, IReadOnlyList<long> cellShape, long rowCount, ReadOnlySpan<byte> values)
    {
        if (rowCount == 0)
            return;
        int number = FindCube(cellShape);
        Cube cube = _cubes[number];
        if (column.DataType == TableDataType.Bool)
            WriteBits(cube, values);
        else
            WriteValues(cube.File, values);
        cube.Rows += rowCount;
        _rows += rowCount;
        // Rows that go on in the same cube extend the interval.
        if (_cubeNumbers.Count > 0 && _cubeNumbers[^1] == number + 1)
        {
            _lastRows.RemoveAt(_lastRows.Count - 1);
            _lastPlaces.RemoveAt(_lastPlaces.Count - 1);
        }
        else
        {
            _cubeNumbers.Add((uint)number + 1);
        }
        _lastRows.Add((uint)(_rows - 1));
        _lastPlaces.Add((uint)(cube.Rows - 1));
    }

    public override void AppendStrings(int _, IReadOnlyList<long> cellShape, IReadOnlyList<string> values) =>
        throw new NotSupportedException("A tiled storage manager holds no strings.");

    public override void AppendEmpty(int _, long rowCount)
    {
        // Rows map to cube 0, which is the empty one.
        _rows += rowCount;
        _cubeNumbers.Add(0);
        _lastRows.Add((uint)(_rows - 1));
        _lastPlaces.Add(0);
    }

    public override byte[] Complete()
    {
        foreach (Cube cube in _cubes)
        {
            if (cube.PartialBits > 0)
                cube.File.WriteByte(cube.PartialByte);
            cube.File.SetLength(FileLength(cube));
            cube.File.Flush();
        }
        File.WriteAllBytes(path, Header());
        return [];
    }

    public override void Dispose()
    {
        foreach (Cube cube in _cubes)
            cube.File.Dispose();
    }

    int FindCube(IReadOnlyList<long> cellShape)
    {
        int found = _cubes.FindIndex(cube => cube.Shape.SequenceEqual(cellShape));
        if (found >= 0)
            return found;
        long cellBits = Shapes.Product(cellShape) * Math.Max(1, 8 * column.DataType.Size());
        int tileRows = (int)Math.Clamp(tileBytes * 8L / Math.Max(1, cellBits) / 8 * 8, 8, 1 << 20);
        var file = new FileStream($"{path}_TSM{_cubes.Count + 1}", FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
        _cubes.Add(new Cube([.. cellShape], tileRows, file));
        return _cubes.Count - 1;
    }

    long TileBytes(Cube cube) => column.DataType.DiskBytes(Shapes.Product(cube.Shape) * cube.TileRows);

    long FileLength(Cube cube) => (cube.Rows + cube.TileRows - 1) / cube.TileRows * TileBytes(cube);

    void WriteValues(FileStream file, ReadOnlySpan<byte> values)
    {
        if (order == ByteOrders.Native)
        {
            file.Write(values);
            return;
        }
        byte[] scratch = ArrayPool<byte>.Shared.Rent(Math.Min(values.Length, 1 << 20));
        int size = column.DataType.SwapSize(), most = scratch.Length / size * size;
        while (!values.IsEmpty)
        {
            int count = Math.Min(values.Length, most);
            values[..count].CopyTo(scratch);
            order.ToNative(scratch.AsSpan(0, count), size);
            file.Write(scratch, 0, count);
            values = values[count..];
        }
        ArrayPool<byte>.Shared.Return(scratch);
    }

    void WriteBits(Cube cube, ReadOnlySpan<byte> values)
    {
        var packed = new byte[(cube.PartialBits + values.Length + 7) / 8];
        packed[0] = cube.PartialByte;
        BitPacking.Pack(values, packed, cube.PartialBits);
        int bits = cube.PartialBits + values.Length, whole = bits / 8;
        cube.File.Write(packed, 0, whole);
        cube.PartialBits = bits % 8;
        cube.PartialByte = cube.PartialBits > 0 ? packed[whole] : (byte)0;
    }

    byte[] Header()
    {
        int axes = column.DimensionCount + 1;
        var writer = new AipsWriter(ByteOrder.BigEndian);
        writer.Begin("TiledShapeStMan", 1);
        writer.Begin("TiledStMan", order == ByteOrder.BigEndian ? 1u : 2u);
        if (order != ByteOrder.BigEndian)
            writer.Write(false);
        writer.Write((uint)sequenceNumber);
        writer.Write((uint)_rows);
        writer.Write(1u);
        writer.Write((int)column.DataType);
        writer.Write(column.ManagerGroup);
        writer.Write(0u);
        writer.Write((uint)axes);
        writer.Write((uint)_cubes.Count + 1);
        writer.Write(false);
        for (int i = 0; i < _cubes.Count; i++)
            WriteFile(writer, i + 1, FileLength(_cubes[i]));
        writer.Write((uint)_cubes.Count + 1);
        WriteCube(writer, [], [], extensible: false, fileNumber: -1);
        for (int i = 0; i < _cubes.Count; i++)
            WriteCube(writer, [.. _cubes[i].Shape, _cubes[i].Rows], [.. _cubes[i].Shape, _cubes[i].TileRows], extensible: true, i + 1);
        writer.End();
        writer.WriteShape(_cubes.Count > 0 ? [.. _cubes[0].Shape, _cubes[0].TileRows] : [.. Enumerable.Repeat(1L, axes)]);
        writer.Write((uint)_lastRows.Count);
        writer.WriteBlock([.. _lastRows]);
        writer.WriteBlock([.. _cubeNumbers]);
        writer.WriteBlock([.. _lastPlaces]);
        writer.End();
        return writer.ToArray();
    }

    static void WriteFile(AipsWriter writer, int number, long length)
    {
        bool wide = length >= 1L << 31;
        writer.Write(true);
        writer.Write(wide ? 2u : 1u);
        writer.Write((uint)number);
        if (wide)
            writer.Write(length);
        else
            writer.Write((uint)length);
    }

    static void WriteCube(AipsWriter writer, long[] shape, long[] tileShape, bool extensible, int fileNumber)
    {
        writer.Write(1u);
        writer.Begin("Record", 1);
        writer.Begin("RecordDesc", 2);
        writer.Write(0);
        writer.End();
        writer.Write(1);
        writer.End();
        writer.Write(extensible);
        writer.Write((uint)shape.Length);
        writer.WriteShape(shape);
        writer.WriteShape(tileShape);
        writer.Write(fileNumber);
        writer.Write(0u);
    }
}
