namespace Holoflow.Holography.Tables;

/// <summary>A data manager of a table: its type, its sequence number (which names its file) and its private header.</summary>
sealed record StorageDescription(string Type, int SequenceNumber, byte[] Header);

/// <summary>The contents of <c>table.dat</c>: rows, byte order, columns, keywords and data managers.</summary>
sealed record TableDirectory(
    long RowCount,
    ByteOrder ByteOrder,
    TableKeywords Keywords,
    TableKeywords PrivateKeywords,
    IReadOnlyList<ColumnDescription> Columns,
    IReadOnlyList<int> ManagerOfColumn,
    IReadOnlyList<StorageDescription> Managers)
{
    const int FixedShapeOption = 4, DirectOption = 1, SeparateFiles = 2;

    public static TableDirectory Read(string folder)
    {
        string file = Path.Combine(folder, "table.dat");
        if (!File.Exists(file))
            throw new TableFormatException($"{folder}: not a table: the file table.dat is missing");
        var reader = new AipsReader(File.ReadAllBytes(file), file, ByteOrder.BigEndian);
        uint version = reader.Begin("Table");
        if (version > 3)
            throw reader.Corrupt($"a table of version {version} is not supported (1 to 3 are)");
        long rows = version > 2 ? reader.ReadLong() : reader.ReadUInt();
        var order = (ByteOrder)reader.ReadUInt();
        if (order is not (ByteOrder.BigEndian or ByteOrder.LittleEndian))
            throw reader.Corrupt($"the byte order {(int)order} is unknown");
        string kind = reader.ReadString();
        if (!string.Equals(kind, "PlainTable", StringComparison.Ordinal))
            throw reader.Corrupt($"a table of kind {kind} is not supported: only plain tables are (copy it to a plain table first)");
        uint descriptionVersion = reader.Begin("TableDesc");
        reader.ReadString();
        reader.ReadString();
        reader.ReadString();
        TableKeywords keywords = KeywordFormat.Read(reader);
        TableKeywords privateKeywords = descriptionVersion == 1 ? new TableKeywords() : KeywordFormat.Read(reader);
        var columns = new ColumnDescription[reader.ReadCount(16)];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = ReadColumn(reader);
        reader.End();
        if (version == 1)
            KeywordFormat.Read(reader);
        return ReadStorage(reader, new TableDirectory(CurrentRowCount(folder) ?? rows, order, keywords, privateKeywords, columns, [], []));
    }

    static TableDirectory ReadStorage(AipsReader reader, TableDirectory directory)
    {
        int version = reader.ReadInt();
        if (version < -3)
            throw reader.Corrupt($"a column set of version {-version} is unknown");
        if (version == -3)
            reader.ReadLong();
        else if (version < 0)
            reader.ReadUInt();
        if (version == -3)
        {
            int option = reader.ReadInt();
            reader.ReadInt();
            if (option != SeparateFiles)
                throw reader.Corrupt("the table's columns are stored in one MultiFile (table.mf), which is not supported: copy the table with separate files");
        }
        reader.ReadInt();
        int count = reader.ReadCount(8);
        var types = new string[count];
        var numbers = new int[count];
        for (int i = 0; i < count; i++)
        {
            types[i] = reader.ReadString();
            numbers[i] = reader.ReadInt();
        }
        var columns = directory.Columns.ToArray();
        var managers = new int[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            (managers[i], long[]? shape) = ReadColumnBinding(reader, columns[i]);
            if (shape is not null)
                columns[i] = columns[i] with { FixedShape = shape };
            if (!numbers.Contains(managers[i]))
                throw reader.Corrupt($"column {columns[i].Name} belongs to data manager {managers[i]}, which the table does not have");
        }
        var descriptions = new StorageDescription[count];
        for (int i = 0; i < count; i++)
            descriptions[i] = new StorageDescription(types[i], numbers[i], reader.ReadBlob());
        return directory with { Columns = columns, ManagerOfColumn = managers, Managers = descriptions };
    }

    /// <summary>
    /// The number of rows that the lock file holds. A writer that adds rows and nothing else updates only this, so it goes before
    /// the number in table.dat. Null where there is no lock file, or none that counts rows.
    /// </summary>
    static long? CurrentRowCount(string folder)
    {
        const int requests = 260;
        string file = Path.Combine(folder, "table.lock");
        if (!File.Exists(file))
            return null;
        byte[] bytes = File.ReadAllBytes(file);
        if (bytes.Length < requests + 4 || ByteOrder.BigEndian.ReadInt(bytes.AsSpan(requests)) == 0)
            return null;
        var reader = new AipsReader(bytes, file, ByteOrder.BigEndian);
        reader.Seek(requests + 4);
        uint version = reader.Begin("sync");
        long rows = version > 1 ? reader.ReadLong() : reader.ReadUInt();
        return rows == 0 ? null : rows;
    }

    static (int Manager, long[]? Shape) ReadColumnBinding(AipsReader reader, ColumnDescription column)
    {
        uint version = reader.ReadUInt();
        if (version == 1)
            KeywordFormat.Read(reader);
        reader.ReadString();
        reader.ReadUInt();
        int manager = reader.ReadInt();
        return (manager, column.IsArray && reader.ReadBool() ? reader.ReadShape() : null);
    }

    static ColumnDescription ReadColumn(AipsReader reader)
    {
        reader.ReadUInt();
        string type = reader.ReadString();
        bool isArray = type.StartsWith("ArrayColumnDesc", StringComparison.Ordinal);
        bool isScalar = type.StartsWith("ScalarColumnDesc", StringComparison.Ordinal);
        bool isRecord = type.StartsWith("ScalarRecordColumnDesc", StringComparison.Ordinal);
        if (!isArray && !isScalar && !isRecord)
            throw reader.Corrupt($"a column description of type '{type}' is unknown");
        reader.ReadUInt();
        string name = reader.ReadString();
        string comment = reader.ReadString();
        string manager = reader.ReadString();
        string group = reader.ReadString();
        var dataType = (TableDataType)reader.ReadInt();
        if (!dataType.IsScalar() && dataType != TableDataType.Record)
            throw reader.Corrupt($"column {name} has the unknown data type {(int)dataType}");
        int options = reader.ReadInt();
        int dimensions = reader.ReadInt();
        long[]? shape = isArray ? reader.ReadShape() : null;
        int maximumLength = reader.ReadInt();
        TableKeywords keywords = KeywordFormat.Read(reader);
        reader.ReadUInt();
        if (isArray)
            reader.ReadBool();
        else if (isScalar)
            SkipDefault(reader, dataType);
        if (maximumLength < 0)
            throw reader.Corrupt($"column {name} has strings of {maximumLength} bytes");
        bool isFixed = isArray && (options & FixedShapeOption) != 0 && shape is { Length: > 0 };
        return new ColumnDescription(
            name, dataType, isArray, isArray ? dimensions : 0, isFixed ? shape : null, (options & DirectOption) != 0, maximumLength, manager, group, comment, keywords);
    }

    static void SkipDefault(AipsReader reader, TableDataType type)
    {
        if (type == TableDataType.String)
            reader.ReadString();
        else
            reader.ReadValues(type, stackalloc byte[type.MemorySize()]);
    }
}
