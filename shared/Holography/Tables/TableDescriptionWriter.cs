namespace Holoflow.Holography.Tables;

/// <summary>Writes the contents of <c>table.dat</c> (see <see cref="TableDirectory"/>).</summary>
sealed class TableDescriptionWriter(AipsWriter writer)
{
    const int FixedShapeOption = 4, DirectOption = 1;

    public byte[] Write(
        uint rows,
        ByteOrder order,
        TableKeywords keywords,
        IReadOnlyList<ColumnDescription> columns,
        IReadOnlyList<int> managerOfColumn,
        IReadOnlyList<(string Type, byte[] Header)> managers)
    {
        writer.Begin("Table", 2);
        writer.Write(rows);
        writer.Write((uint)order);
        writer.Write("PlainTable");
        writer.Begin("TableDesc", 2);
        writer.Write("");
        writer.Write("");
        writer.Write("");
        KeywordFormat.Write(writer, keywords);
        KeywordFormat.Write(writer, PrivateKeywords(columns));
        writer.Write((uint)columns.Count);
        foreach (ColumnDescription column in columns)
            WriteColumn(column);
        writer.End();
        writer.Write(-2);
        writer.Write(rows);
        writer.Write((uint)managers.Count);
        writer.Write((uint)managers.Count);
        for (int i = 0; i < managers.Count; i++)
        {
            writer.Write(managers[i].Type);
            writer.Write((uint)i);
        }
        for (int i = 0; i < columns.Count; i++)
            WriteBinding(columns[i], managerOfColumn[i]);
        foreach ((_, byte[] header) in managers)
            writer.WriteBlob(header);
        writer.End();
        return writer.ToArray();
    }

    static TableKeywords PrivateKeywords(IReadOnlyList<ColumnDescription> columns)
    {
        var keywords = new TableKeywords();
        foreach (ColumnDescription column in columns.Where(c => c.ManagerType.StartsWith("Tiled", StringComparison.Ordinal)))
        {
            keywords.Add($"Hypercolumn_{column.ManagerGroup}", new TableKeywords()
                .Add("ndim", column.DimensionCount + 1)
                .Add("data", new TableArray([1], new[] { column.Name }))
                .Add("coord", new TableArray([0], Array.Empty<string>()))
                .Add("id", new TableArray([0], Array.Empty<string>())));
        }
        return keywords;
    }

    void WriteColumn(ColumnDescription column)
    {
        writer.Write(1u);
        writer.Write($"{(column.IsArray ? "Array" : "Scalar")}ColumnDesc<{column.DataType.ClassId()}");
        writer.Write(1u);
        writer.Write(column.Name);
        writer.Write(column.Comment);
        writer.Write(column.ManagerType);
        writer.Write(column.ManagerGroup);
        writer.Write((int)column.DataType);
        writer.Write((column.FixedShape is null ? 0 : FixedShapeOption) | (column.IsDirect ? DirectOption : 0));
        writer.Write(column.IsArray ? column.DimensionCount : 0);
        if (column.IsArray)
            writer.WriteShape(column.FixedShape is null ? [] : [.. column.FixedShape]);
        writer.Write(0);
        KeywordFormat.Write(writer, column.Keywords);
        writer.Write(1u);
        if (column.IsArray)
            writer.Write(false);
        else if (column.DataType == TableDataType.String)
            writer.Write("");
        else
            writer.WriteValues(column.DataType, new byte[column.DataType.MemorySize()]);
    }

    void WriteBinding(ColumnDescription column, int manager)
    {
        writer.Write(2u);
        writer.Write(column.Name);
        writer.Write(1u);
        writer.Write((uint)manager);
        if (!column.IsArray)
            return;
        writer.Write(column.FixedShape is not null);
        if (column.FixedShape is not null)
            writer.WriteShape([.. column.FixedShape]);
    }
}
