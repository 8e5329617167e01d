namespace Holoflow.Holography.Tables;

/// <summary>
/// A data manager opened for reading. Columns are numbered in the order in which the table lists those of this manager. Reads
/// may come from any thread.
/// </summary>
abstract class ColumnStorage : IDisposable
{
    /// <summary>The shape of a row's cell (fastest axis first); empty for a scalar; null where the cell holds no array.</summary>
    public abstract IReadOnlyList<long>? Shape(int column, long row);

    /// <summary>Reads rows whose cells all hold <paramref name="cellCount"/> values into native order, one byte a bool.</summary>
    public abstract void Read(int column, long firstRow, long rowCount, long cellCount, Span<byte> destination);

    /// <summary>The strings of one cell: one for a scalar.</summary>
    public abstract string[] ReadStrings(int column, long row);

    public abstract void Dispose();
}

/// <summary>Stands for a data manager that is not supported: its columns are refused when they are asked for, the others can be read.</summary>
sealed class UnsupportedStorage(string file, string managerType, IReadOnlyList<ColumnDescription> columns) : ColumnStorage
{
    public override IReadOnlyList<long>? Shape(int column, long row) => throw Refusal(column);

    public override void Read(int column, long firstRow, long rowCount, long cellCount, Span<byte> destination) => throw Refusal(column);

    public override string[] ReadStrings(int column, long row) => throw Refusal(column);

    public override void Dispose()
    {
    }

    TableFormatException Refusal(int column) => new(
        $"{file}: column {columns[column].Name} is stored by the data manager {managerType}, which is not supported "
        + "(StandardStMan, IncrementalStMan, TiledShapeStMan, TiledColumnStMan, TiledDataStMan and TiledCellStMan are)");
}
