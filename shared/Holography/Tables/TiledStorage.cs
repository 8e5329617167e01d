namespace Holoflow.Holography.Tables;

/// <summary>
/// Reads the tiled storage managers. Their columns share hypercubes: within a tile each column's values lie together, the widest
/// type first. The four managers differ only in how a row finds its cube and its place there.
/// </summary>
sealed class TiledStorage : ColumnStorage
{
    // Bounds what one read of a tiled cell needs beside the caller's buffer.
    const long ScratchBytes = 4 << 20;
    readonly string _path;
    readonly IReadOnlyList<ColumnDescription> _columns;
    readonly Dictionary<int, StorageFile> _files;
    readonly TileCube?[] _cubes;
    readonly long[] _columnOffsets;
    readonly TiledRowMap _map;

    public TiledStorage(string path, StorageDescription description, TableDirectory table, IReadOnlyList<ColumnDescription> columns)
    {
        _path = path;
        _columns = columns;
        TiledHeader header = TiledHeader.Read(path, description, table, columns);
        _map = header.Map;
        _files = header.FileNumbers.ToDictionary(number => number, number => new StorageFile($"{path}_TSM{number}"));
        _columnOffsets = new long[header.Cubes.Count * columns.Count];
        _cubes = new TileCube?[header.Cubes.Count];
        try
        {
            for (int i = 0; i < _cubes.Length; i++)
                _cubes[i] = OpenCube(i, header, table.ByteOrder);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override IReadOnlyList<long>? Shape(int column, long row)
    {
        TileCube? cube = Find(row, out _, out _, out _);
        return _columns[column].IsArray ? cube?.CellShape : [];
    }

    public override void Read(int column, long firstRow, long rowCount, long cellCount, Span<byte> destination)
    {
        TableDataType type = _columns[column].DataType;
        int cellBytes = checked((int)(cellCount * type.MemorySize()));
        for (long row = firstRow; row < firstRow + rowCount;)
        {
            TileCube cube = Find(row, out long[] position, out long left, out int cubeNumber)
                ?? throw new TableFormatException($"{_path}: row {row} of column {_columns[column].Name} holds no array");
            if (Shapes.Product(cube.CellShape) != cellCount)
                throw new TableFormatException($"{_path}: row {row} of column {_columns[column].Name} has cells of shape {Shapes.Text(cube.CellShape)}, not {cellCount} values");
            long most = Math.Max(1, ScratchBytes / Math.Max(1, cellBytes));
            long count = Math.Min(Math.Min(left, firstRow + rowCount - row), Math.Min(cube.RunLength(position), most));
            Span<byte> part = destination.Slice((int)((row - firstRow) * cellBytes), (int)(count * cellBytes));
            cube.ReadRun(_columnOffsets[(cubeNumber * _columns.Count) + column], type, position, count, part);
            row += count;
        }
    }

    public override string[] ReadStrings(int column, long row) =>
        throw new TableFormatException($"{_path}: column {_columns[column].Name}: a tiled storage manager holds no strings");

    public override void Dispose()
    {
        foreach (StorageFile file in _files.Values)
            file.Dispose();
    }

    TileCube? Find(long row, out long[] position, out long left, out int cube)
    {
        (cube, long place, left) = _map.Find(row);
        position = [];
        if (cube < 0 || cube >= _cubes.Length || _cubes[cube] is not { } found)
            return null;
        position = _map.Position(found, place, row);
        return found;
    }

    TileCube? OpenCube(int number, TiledHeader header, ByteOrder order)
    {
        TiledHeader.Cube cube = header.Cubes[number];
        if (cube.Shape.Length == 0 || cube.FileNumber < 0)
            return null;
        if (!_files.TryGetValue(cube.FileNumber, out StorageFile? file))
            throw new TableFormatException($"{_path}: corrupt: hypercube {number} lies in file {cube.FileNumber}, which the manager does not have");
        if (cube.TileShape.Length != cube.Shape.Length || cube.TileShape.Any(length => length <= 0) || cube.Shape.Any(length => length < 0)
            || header.CellAxes > cube.Shape.Length)
            throw new TableFormatException($"{_path}: corrupt: hypercube {number} of shape {Shapes.Text(cube.Shape)} in tiles of {Shapes.Text(cube.TileShape)}");
        long count = Shapes.Product(cube.TileShape), offset = 0;
        foreach (int column in header.ColumnsInTile)
        {
            _columnOffsets[(number * _columns.Count) + column] = offset;
            offset += _columns[column].DataType.DiskBytes(count);
        }
        if (Shapes.Product(cube.Shape) > 0 && Shapes.Product(cube.Shape[..header.CellAxes]) / 8 > file.Length)
            throw new TableFormatException($"{file.Path}: truncated: hypercube {number} has cells of shape {Shapes.Text(cube.Shape[..header.CellAxes])} and the file {file.Length} bytes");
        return new TileCube(file, cube.FileOffset, offset, cube.Shape, cube.TileShape, header.CellAxes, order);
    }
}
