using System.Runtime.InteropServices;

namespace Holoflow.Holography.Tables;

/// <summary>A column of an open table. Reads go straight from the file into the caller's buffer and may come from any thread.</summary>
public sealed class TableColumn
{
    readonly CasaTable _table;
    readonly ColumnStorage _storage;
    readonly int _index;

    internal TableColumn(CasaTable table, ColumnDescription description, ColumnStorage storage, int index)
    {
        _table = table;
        _storage = storage;
        _index = index;
        Description = description;
    }

    public ColumnDescription Description { get; }

    public string Name => Description.Name;

    /// <summary>The shape of a row's cell, fastest axis first; empty for a scalar; null where the cell holds nothing.</summary>
    /// <exception cref="TableFormatException">The column's data manager is not supported, or its file is corrupt.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The table has no such row.</exception>
    public IReadOnlyList<long>? Shape(long row)
    {
        CheckRows(row, 1);
        return _storage.Shape(_index, row);
    }

    /// <summary>
    /// Reads rows into <paramref name="destination"/>: [row][cell], each cell with its fastest axis contiguous, as on disk.
    /// </summary>
    /// <typeparam name="T">The type that corresponds to the column's: bool, sbyte, byte, short, ushort, int, uint, long, float, double,
    /// <see cref="ComplexSingle"/> or <see cref="System.Numerics.Complex"/>.</typeparam>
    /// <exception cref="ArgumentException">The buffer's length is not rows times the cell's size.</exception>
    /// <exception cref="TableFormatException">The column's type is another, cells differ in shape or are empty, the file is truncated or corrupt, or the data manager is not supported.</exception>
    public void Read<T>(long firstRow, long rowCount, Span<T> destination)
        where T : unmanaged
    {
        CheckRows(firstRow, rowCount);
        CheckType<T>();
        if (rowCount == 0)
            return;
        long cellCount = CellCount(firstRow, rowCount);
        if (destination.Length != rowCount * cellCount)
            throw new ArgumentException(
                $"{_table.Path}: {rowCount} rows of column {Name} hold {rowCount * cellCount} values; the buffer has room for {destination.Length}", nameof(destination));
        Span<byte> bytes = MemoryMarshal.AsBytes(destination);
        _storage.Read(_index, firstRow, rowCount, cellCount, bytes);
    }

    /// <summary>Reads one cell into a new array: [the cell's axes, the fastest first], empty where the cell holds nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The table has no such row.</exception>
    /// <exception cref="TableFormatException">The column is of another type or of a data manager that is not supported, or its file is corrupt.</exception>
    public T[] ReadCell<T>(long row)
        where T : unmanaged
    {
        IReadOnlyList<long>? shape = Shape(row);
        var values = new T[shape is null ? 0 : Shapes.Product(shape)];
        if (values.Length > 0)
            Read(row, 1, values.AsSpan());
        return values;
    }

    /// <summary>Reads a whole column of scalars, [row], or of fixed shape, [row][cell], of a small table.</summary>
    /// <exception cref="TableFormatException">The column is of another type or of a data manager that is not supported, or its file is corrupt.</exception>
    public T[] ReadAll<T>()
        where T : unmanaged
    {
        var values = new T[_table.RowCount * Math.Max(1, Description.FixedCount)];
        Read(0, _table.RowCount, values.AsSpan());
        return values;
    }

    /// <summary>The string of a scalar cell.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The table has no such row.</exception>
    /// <exception cref="TableFormatException">The column is of another type or of a data manager that is not supported, or its file is corrupt.</exception>
    public string ReadString(long row) => ReadStrings(row)[0];

    /// <summary>The strings of one cell, [the cell's axes, the fastest first]; none where the cell holds nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The table has no such row.</exception>
    /// <exception cref="TableFormatException">The column is of another type or of a data manager that is not supported, or its file is corrupt.</exception>
    public string[] ReadStrings(long row)
    {
        CheckRows(row, 1);
        CheckType<string>();
        return _storage.ReadStrings(_index, row);
    }

    long CellCount(long firstRow, long rowCount)
    {
        if (Description.FixedCount >= 0 && !Description.IsIndirect)
            return Description.FixedCount;
        IReadOnlyList<long> first = DefinedShape(firstRow);
        // A manager that keeps shapes row by row may change it anywhere; the others answer from their map.
        for (long row = firstRow + 1; row < firstRow + rowCount; row++)
        {
            IReadOnlyList<long> shape = DefinedShape(row);
            if (!ReferenceEquals(shape, first) && !shape.SequenceEqual(first))
                throw new TableFormatException(
                    $"{_table.Path}: column {Name}: row {row} has shape {Shapes.Text(shape)} and row {firstRow} {Shapes.Text(first)}: read them apart");
        }
        return Shapes.Product(first);
    }

    IReadOnlyList<long> DefinedShape(long row) =>
        _storage.Shape(_index, row) ?? throw new TableFormatException($"{_table.Path}: column {Name}: row {row} holds no array");

    void CheckRows(long firstRow, long rowCount)
    {
        if (firstRow < 0 || rowCount < 0 || firstRow > _table.RowCount - rowCount)
            throw new ArgumentOutOfRangeException(
                nameof(firstRow), $"{_table.Path}: rows {firstRow} to {firstRow + rowCount - 1} of column {Name} are asked for; the table has {_table.RowCount}");
    }

    void CheckType<T>()
    {
        if (TableDataTypes.Of<T>() != Description.DataType)
            throw new TableFormatException($"{_table.Path}: column {Name} holds values of type {Description.DataType}, not {typeof(T).Name}");
    }
}
