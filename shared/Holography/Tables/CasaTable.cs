namespace Holoflow.Holography.Tables;

/// <summary>
/// A casacore table opened for reading (format: casacore note 260, "Table Data System file formats", van Diepen 2017). Its memory
/// does not grow with the table: columns are read by ranges of rows into the caller's buffers.
/// </summary>
public sealed class CasaTable : IDisposable
{
    readonly Dictionary<string, TableColumn> _columns = new(StringComparer.Ordinal);
    readonly List<ColumnStorage> _storages = [];

    CasaTable(string path, TableDirectory directory)
    {
        Path = path;
        RowCount = directory.RowCount;
        ByteOrder = directory.ByteOrder;
        Keywords = directory.Keywords;
    }

    /// <summary>The table's folder.</summary>
    public string Path { get; }

    public long RowCount { get; }

    public ByteOrder ByteOrder { get; }

    public TableKeywords Keywords { get; }

    /// <summary>The columns in the table's order.</summary>
    public IReadOnlyCollection<TableColumn> Columns => _columns.Values;

    /// <summary>Opens the table in the folder.</summary>
    /// <exception cref="TableFormatException">It is no table, is not a plain table of separate files, or is truncated or corrupt.</exception>
    public static CasaTable Open(string path)
    {
        TableDirectory directory = TableDirectory.Read(path);
        var table = new CasaTable(path, directory);
        try
        {
            table.OpenColumns(directory);
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>Whether the table's description names the column; it may still be stored in a way that is refused.</summary>
    public bool HasColumn(string name) => _columns.ContainsKey(name);

    /// <summary>The column of that name.</summary>
    /// <exception cref="TableFormatException">There is none.</exception>
    public TableColumn Column(string name) =>
        _columns.TryGetValue(name, out TableColumn? column)
            ? column
            : throw new TableFormatException($"{Path}: there is no column {name}; there are {string.Join(", ", _columns.Keys)}");

    /// <summary>The folder of a subtable that a keyword points at, or null where there is no such keyword.</summary>
    public string? SubtablePath(string keyword)
    {
        if (Keywords[keyword] is not TableReference reference)
            return null;
        // Stored relative to the table ("././") or to the folder it lies in ("./"), else as it is.
        string stored = reference.StoredPath;
        if (stored.StartsWith("././", StringComparison.Ordinal))
            return System.IO.Path.Combine(Path, stored[4..]);
        return stored.StartsWith("./", StringComparison.Ordinal)
            ? System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, stored[2..])
            : stored;
    }

    public void Dispose()
    {
        foreach (ColumnStorage storage in _storages)
            storage.Dispose();
    }

    void OpenColumns(TableDirectory directory)
    {
        var bound = directory.Columns.Select((column, i) => (Column: column, Manager: directory.ManagerOfColumn[i])).ToLookup(pair => pair.Manager, pair => pair.Column);
        var opened = new Dictionary<int, (ColumnStorage Storage, ColumnDescription[] Columns)>();
        foreach (StorageDescription manager in directory.Managers)
        {
            ColumnDescription[] columns = [.. bound[manager.SequenceNumber]];
            ColumnStorage storage = OpenStorage(directory, manager, columns);
            _storages.Add(storage);
            opened[manager.SequenceNumber] = (storage, columns);
        }
        for (int i = 0; i < directory.Columns.Count; i++)
        {
            ColumnDescription column = directory.Columns[i];
            (ColumnStorage storage, ColumnDescription[] columns) = opened[directory.ManagerOfColumn[i]];
            _columns[column.Name] = new TableColumn(this, column, storage, Array.IndexOf(columns, column));
        }
    }

    ColumnStorage OpenStorage(TableDirectory directory, StorageDescription manager, ColumnDescription[] columns)
    {
        string file = System.IO.Path.Combine(Path, $"table.f{manager.SequenceNumber}");
        return manager.Type switch
        {
            "StandardStMan" => new StandardStorage(file, manager, directory.ByteOrder, columns),
            "IncrementalStMan" => new IncrementalStorage(file, directory.ByteOrder, columns),
            "TiledShapeStMan" or "TiledColumnStMan" or "TiledDataStMan" or "TiledCellStMan" => new TiledStorage(file, manager, directory, columns),
            _ => new UnsupportedStorage(file, manager.Type, columns),
        };
    }
}
