using System.Runtime.InteropServices;

namespace Holoflow.Holography.Tables;

/// <summary>
/// Writes a new casacore table, block of rows by block of rows. Columns take their rows in order; all must hold as many when
/// the table is completed. <c>table.dat</c> is written last, so that a table that was not completed is no table.
/// </summary>
public sealed class TableWriter : IDisposable
{
    const int TileBytes = 1 << 20;
    readonly string _path;
    readonly ByteOrder _order;
    readonly TableKeywords _keywords;
    readonly string _type;
    readonly List<ColumnDescription> _columns;
    readonly List<(string Type, StorageWriter Storage, List<int> Columns)> _managers = [];
    readonly Dictionary<string, (StorageWriter Storage, int Index, ColumnDescription Description)> _places = new(StringComparer.Ordinal);

    TableWriter(string path, IEnumerable<ColumnDescription> columns, TableKeywords keywords, ByteOrder order, string type)
    {
        _path = path;
        _columns = [.. columns];
        _keywords = keywords;
        _order = order;
        _type = type;
    }

    /// <summary>Creates the table's folder, which must not exist.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="columns">The columns; each is stored by its data manager: StandardStMan, or TiledShapeStMan (one column a group).</param>
    /// <param name="keywords">The table's keywords.</param>
    /// <param name="order">Byte order of the values.</param>
    /// <param name="rowsPerBucket">Rows that StandardStMan keeps together; more for large tables.</param>
    /// <param name="type">The table's type in <c>table.info</c>.</param>
    /// <exception cref="IOException">The folder exists, or cannot be made.</exception>
    /// <exception cref="NotSupportedException">A column asks for a data manager that this does not write.</exception>
    public static TableWriter Create(
        string path,
        IEnumerable<ColumnDescription> columns,
        TableKeywords? keywords = null,
        ByteOrder order = ByteOrder.LittleEndian,
        int rowsPerBucket = 32,
        string type = "")
    {
        if (Path.Exists(path))
            throw new IOException($"{path}: exists already; a table is only written to a new folder");
        Directory.CreateDirectory(path);
        var writer = new TableWriter(path, columns, keywords ?? new TableKeywords(), order, type);
        try
        {
            writer.OpenManagers(rowsPerBucket);
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Appends rows to a scalar column, [row], or one of fixed cell shape, [row][cell].</summary>
    /// <exception cref="ArgumentException">The values are of another type than the column, or make no whole cells.</exception>
    public void Put<T>(string column, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ColumnDescription description = _places[column].Description;
        PutCells(column, description.FixedShape ?? [], values);
    }

    /// <summary>Appends rows whose cells all have the same shape.</summary>
    /// <param name="column">The column.</param>
    /// <param name="cellShape">[the cell's axes, the fastest first].</param>
    /// <param name="values">[row][cell].</param>
    /// <exception cref="ArgumentException">The values are of another type than the column, or make no whole cells.</exception>
    public void PutCells<T>(string column, IReadOnlyList<long> cellShape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        (StorageWriter storage, int index, ColumnDescription description) = _places[column];
        if (TableDataTypes.Of<T>() != description.DataType)
            throw new ArgumentException($"Column {column} holds values of type {description.DataType}, not {typeof(T).Name}.", nameof(values));
        long cellCount = Shapes.Product(cellShape);
        if (cellCount == 0 || values.Length % cellCount != 0)
            throw new ArgumentException($"{values.Length} values do not make whole cells of shape {Shapes.Text(cellShape)} of column {column}.", nameof(values));
        storage.Append(index, cellShape, values.Length / cellCount, MemoryMarshal.AsBytes(values));
    }

    /// <summary>Appends a row to a column of strings.</summary>
    public void PutString(string column, string value)
    {
        (StorageWriter storage, int index, _) = _places[column];
        storage.AppendStrings(index, [], [value]);
    }

    /// <summary>Appends a row to a column of arrays of strings, [string]; no strings leave the cell empty.</summary>
    public void PutStrings(string column, IReadOnlyList<string> values)
    {
        (StorageWriter storage, int index, _) = _places[column];
        if (values.Count == 0)
            storage.AppendEmpty(index, 1);
        else
            storage.AppendStrings(index, [values.Count], values);
    }

    /// <summary>Appends rows whose cells hold no array.</summary>
    public void PutEmpty(string column, long rowCount)
    {
        (StorageWriter storage, int index, _) = _places[column];
        storage.AppendEmpty(index, rowCount);
    }

    /// <summary>Writes indices and <c>table.dat</c>: from here on the folder is a table.</summary>
    /// <exception cref="InvalidOperationException">Columns hold different numbers of rows.</exception>
    public void Complete()
    {
        (string Name, long Rows)[] counts = [.. _places.Select(place => (place.Key, place.Value.Storage.RowCount(place.Value.Index)))];
        if (counts.Select(count => count.Rows).Distinct().Count() > 1)
            throw new InvalidOperationException($"{_path}: columns hold different numbers of rows: {string.Join(", ", counts.Select(c => $"{c.Name} {c.Rows}"))}");
        long rows = counts.Length == 0 ? 0 : counts[0].Rows;
        if (rows > int.MaxValue)
            throw new InvalidOperationException($"{_path}: {rows} rows are more than a table of this version holds");
        byte[][] headers = [.. _managers.Select(manager => manager.Storage.Complete())];
        File.WriteAllText(Path.Combine(_path, "table.info"), $"Type = {_type}\nSubType = \n\n");
        string file = Path.Combine(_path, "table.dat"), temporary = file + "_tmp";
        File.WriteAllBytes(temporary, DirectoryBytes((uint)rows, headers));
        File.Move(temporary, file);
    }

    public void Dispose()
    {
        foreach ((_, StorageWriter storage, _) in _managers)
            storage.Dispose();
    }

    void OpenManagers(int rowsPerBucket)
    {
        foreach (IGrouping<(string Type, string Group), int> group in Enumerable.Range(0, _columns.Count)
            .GroupBy(i => (_columns[i].ManagerType, _columns[i].ManagerGroup)))
        {
            ColumnDescription[] columns = [.. group.Select(i => _columns[i])];
            string file = Path.Combine(_path, $"table.f{_managers.Count}");
            StorageWriter storage = group.Key.Type switch
            {
                "StandardStMan" => new StandardStorageWriter(file, group.Key.Group, _order, columns, rowsPerBucket),
                "TiledShapeStMan" when columns.Length == 1 => new TiledShapeStorageWriter(file, _managers.Count, _order, columns[0], TileBytes),
                _ => throw new NotSupportedException($"{columns.Length} columns cannot be written by {group.Key.Type}."),
            };
            _managers.Add((group.Key.Type, storage, [.. group]));
            for (int i = 0; i < columns.Length; i++)
                _places[columns[i].Name] = (storage, i, columns[i]);
        }
    }

    byte[] DirectoryBytes(uint rows, byte[][] headers)
    {
        int[] managerOfColumn = new int[_columns.Count];
        for (int i = 0; i < _managers.Count; i++)
            foreach (int column in _managers[i].Columns)
                managerOfColumn[column] = i;
        var description = new TableDescriptionWriter(new AipsWriter(ByteOrder.BigEndian));
        return description.Write(rows, _order, _keywords, _columns, managerOfColumn, [.. _managers.Select((manager, i) => (manager.Type, headers[i]))]);
    }
}
