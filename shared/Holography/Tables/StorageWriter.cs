namespace Holoflow.Holography.Tables;

/// <summary>A data manager that is being written: columns take their rows in order, each at its own pace.</summary>
abstract class StorageWriter : IDisposable
{
    /// <summary>Appends rows that all have the given cell shape; values in native order, one byte a bool.</summary>
    public abstract void Append(int column, IReadOnlyList<long> cellShape, long rowCount, ReadOnlySpan<byte> values);

    /// <summary>Appends one row of strings.</summary>
    public abstract void AppendStrings(int column, IReadOnlyList<long> cellShape, IReadOnlyList<string> values);

    /// <summary>Appends rows whose cells hold nothing.</summary>
    public abstract void AppendEmpty(int column, long rowCount);

    /// <summary>The rows that the column holds so far.</summary>
    public abstract long RowCount(int column);

    /// <summary>Writes what is still held and the index; returns the private header for table.dat.</summary>
    public abstract byte[] Complete();

    public abstract void Dispose();
}
