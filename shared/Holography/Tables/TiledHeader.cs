namespace Holoflow.Holography.Tables;

/// <summary>The header file of a tiled storage manager: its files, hypercubes and the map from rows to them.</summary>
sealed record TiledHeader(
    IReadOnlyList<int> FileNumbers, IReadOnlyList<TiledHeader.Cube> Cubes, TiledRowMap Map, int CellAxes, IReadOnlyList<int> ColumnsInTile)
{
    public sealed record Cube(long[] Shape, long[] TileShape, int FileNumber, long FileOffset);

    public static TiledHeader Read(string path, StorageDescription description, TableDirectory table, IReadOnlyList<ColumnDescription> columns)
    {
        using var file = new StorageFile(path);
        var reader = new AipsReader(file.ReadBytes(0, file.Length), path, ByteOrder.BigEndian);
        uint version = reader.Begin(description.Type);
        if (description.Type is "TiledColumnStMan" or "TiledCellStMan")
            reader.ReadShape();
        (string name, int axes, List<int> files, List<Cube> cubes, uint baseVersion) = ReadBase(reader, table, columns);
        (IReadOnlyList<int> inTile, int cellAxes) = ArrangeColumns(path, name, axes, description.Type, table, columns);
        TiledRowMap map = description.Type switch
        {
            "TiledColumnStMan" => new SingleCubeRowMap(table.RowCount),
            "TiledCellStMan" => new CellRowMap(),
            "TiledShapeStMan" => ReadShapeMap(reader),
            _ => ReadDataMap(reader, version, baseVersion, cellAxes, table.RowCount),
        };
        reader.End();
        return new TiledHeader(files, cubes, map, cellAxes, inTile);
    }

    static (string Name, int Axes, List<int> Files, List<Cube> Cubes, uint Version) ReadBase(
        AipsReader reader, TableDirectory table, IReadOnlyList<ColumnDescription> columns)
    {
        uint version = reader.Begin("TiledStMan");
        bool wide = version >= 3, bigEndian = version < 2 || reader.ReadBool();
        if (bigEndian != (table.ByteOrder == ByteOrder.BigEndian))
            throw reader.Corrupt("the byte order of the storage manager differs from the table's");
        reader.ReadInt();
        long rows = wide ? reader.ReadLong() : reader.ReadUInt();
        if (rows != table.RowCount)
            throw reader.Corrupt($"the storage manager holds {rows} rows and the table {table.RowCount}");
        int columnCount = reader.ReadCount(4);
        if (columnCount != columns.Count)
            throw reader.Corrupt($"the storage manager holds {columnCount} columns and the table binds {columns.Count} to it");
        foreach (ColumnDescription column in columns)
        {
            int type = reader.ReadInt();
            if (type != (int)column.DataType)
                throw reader.Corrupt($"column {column.Name} has type {type} here and {(int)column.DataType} in the table");
        }
        string name = reader.ReadString();
        if (wide)
            reader.ReadLong();
        else
            reader.ReadInt();
        int axes = reader.ReadInt();
        var files = new List<int>();
        long fileCount = wide ? reader.ReadLong() : reader.ReadUInt();
        for (long i = 0; i < fileCount; i++)
        {
            if (!reader.ReadBool())
                continue;
            uint fileVersion = reader.ReadUInt();
            files.Add(reader.ReadInt());
            if (fileVersion == 1)
                reader.ReadUInt();
            else
                reader.ReadLong();
        }
        var cubes = new List<Cube>();
        long cubeCount = wide ? reader.ReadLong() : reader.ReadUInt();
        for (long i = 0; i < cubeCount; i++)
            cubes.Add(ReadCube(reader));
        reader.End();
        return (name, axes, files, cubes, version);
    }

    static Cube ReadCube(AipsReader reader)
    {
        uint version = reader.ReadUInt();
        KeywordFormat.Read(reader);
        reader.ReadBool();
        reader.ReadInt();
        long[] shape = reader.ReadShape(), tileShape = reader.ReadShape();
        int file = reader.ReadInt();
        return new Cube(shape, tileShape, file, version == 1 ? reader.ReadUInt() : reader.ReadLong());
    }

    static ShapeRowMap ReadShapeMap(AipsReader reader)
    {
        reader.ReadShape();
        int used = reader.ReadInt();
        long[] rows = reader.ReadRowBlock(wide: false);
        int[] cubes = reader.ReadIntBlock(), places = reader.ReadIntBlock();
        if (used < 0 || used > rows.Length || used > cubes.Length || used > places.Length)
            throw reader.Corrupt($"corrupt: {used} intervals of rows are used and {rows.Length} are listed");
        reader.CheckAscending(rows.AsSpan(0, used), strictly: true);
        return new ShapeRowMap(rows[..used], cubes[..used], places[..used]);
    }

    static DataRowMap ReadDataMap(AipsReader reader, uint version, uint baseVersion, int cellAxes, long rowCount)
    {
        if (version == 1 && baseVersion < 3)
            reader.ReadUInt();
        else
            reader.ReadLong();
        int used = version == 1 ? reader.ReadInt() : int.MaxValue;
        long[] rows = reader.ReadRowBlock(wide: version > 1);
        int[] cubes = reader.ReadIntBlock(), places = reader.ReadIntBlock();
        used = Math.Min(used, rows.Length);
        if (used < 0 || used > cubes.Length || used > places.Length)
            throw reader.Corrupt($"corrupt: {rows.Length} intervals of rows and {cubes.Length} of cubes");
        reader.CheckAscending(rows.AsSpan(0, used), strictly: true);
        return new DataRowMap(rows[..used], cubes[..used], places[..used], cellAxes, rowCount);
    }

    /// <summary>The columns in their order within a tile: as the hypercolumn names them, the widest values first.</summary>
    static (IReadOnlyList<int> Columns, int CellAxes) ArrangeColumns(
        string path, string name, int axes, string managerType, TableDirectory table, IReadOnlyList<ColumnDescription> columns)
    {
        string[] names = [.. columns.Select(column => column.Name)];
        if (table.PrivateKeywords[$"Hypercolumn_{name}"] is TableKeywords { Count: > 0 } hypercolumn && hypercolumn["data"] is TableArray { Values: string[] data })
        {
            string[] beyond = [.. names.Except(data, StringComparer.Ordinal)];
            if (beyond.Length > 0)
                throw new TableFormatException(
                    $"{path}: column {beyond[0]} is a coordinate or id column in {managerType} {name}, which is not supported");
            names = data;
        }
        var order = new List<int>();
        foreach (string column in names)
        {
            int index = columns.ToList().FindIndex(c => string.Equals(c.Name, column, StringComparison.Ordinal));
            if (index < 0)
                throw new TableFormatException($"{path}: corrupt: the hypercolumn {name} names the column {column}, which it does not hold");
            order.Add(index);
        }
        int dimensions = columns.Select(column => column.DimensionCount).Where(count => count > 0).DefaultIfEmpty(0).First();
        int cellAxes = managerType switch
        {
            "TiledCellStMan" => axes,
            "TiledDataStMan" => columns[order[0]].DimensionCount,
            _ when dimensions > 0 => dimensions,
            _ => axes - 1,
        };
        // casacore sorts ascending and stably, then reverses: among columns of equal width the last comes first.
        return ([.. order.OrderBy(index => columns[index].DataType.Size()).Reverse()], cellAxes);
    }
}
