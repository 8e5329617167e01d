using System.Data.Common;

namespace Holoflow.Persistence.Sql;

/// <summary>The rows of a question, read forward; columns by their place from 0.</summary>
public readonly struct SqlRows : IDisposable
{
    readonly DbDataReader _reader;
    readonly IDatabaseEngine _engine;

    internal SqlRows(DbDataReader reader, IDatabaseEngine engine)
    {
        _reader = reader;
        _engine = engine;
    }

    public bool Next() => _reader.Read();

    /// <summary>All that are left, and ends the question.</summary>
    public List<T> ReadAll<T>(Func<SqlRows, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var all = new List<T>();
        using (this)
        {
            while (Next())
                all.Add(read(this));
        }

        return all;
    }

    public Guid Id(int column) => _engine.ReadGuid(_reader, column);

    public Guid? IdOrNull(int column) => _reader.IsDBNull(column) ? null : Id(column);

    public string Text(int column) => _reader.GetString(column);

    public string? TextOrNull(int column) => _reader.IsDBNull(column) ? null : _reader.GetString(column);

    public int Int(int column) => _reader.GetInt32(column);

    public int? IntOrNull(int column) => _reader.IsDBNull(column) ? null : _reader.GetInt32(column);

    public long Long(int column) => _reader.GetInt64(column);

    public long? LongOrNull(int column) => _reader.IsDBNull(column) ? null : _reader.GetInt64(column);

    public double? DoubleOrNull(int column) => _reader.IsDBNull(column) ? null : _reader.GetDouble(column);

    public bool Bool(int column) => _reader.GetBoolean(column);

    public DateTimeOffset Instant(int column) => Microseconds.ToInstant(_reader.GetInt64(column));

    public DateTimeOffset? InstantOrNull(int column) => _reader.IsDBNull(column) ? null : Instant(column);

    internal object? Value(int column) => _reader.IsDBNull(column) ? null : _reader.GetValue(column);

    public void Dispose() => _reader.Dispose();
}
