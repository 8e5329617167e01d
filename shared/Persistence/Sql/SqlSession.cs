using System.Data.Common;

namespace Holoflow.Persistence.Sql;

/// <summary>
/// Prepared statements over one connection, used by one caller at a time. Parameters are <c>$1</c>, <c>$2</c>… in order;
/// ids and instants are given as they are. A statement is known by its string object: keep the texts in constants.
/// </summary>
public class SqlSession
{
    /// <summary>Statements that are sent together at most.</summary>
    const int LargestBatch = 200;

    readonly DbConnection _connection;
    readonly IDatabaseEngine _engine;
    readonly Dictionary<string, DbCommand> _commands = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<string, string> _locking = new(ReferenceEqualityComparer.Instance);
    readonly bool _batches;
    readonly bool _constant;
    DbBatch? _posted;
    DbDataReader? _open;

    internal SqlSession(DbConnection connection, IDatabaseEngine engine, bool constant)
    {
        _constant = constant;
        _connection = connection;
        _engine = engine;
        _batches = connection.CanCreateBatch;
    }

    /// <summary>Is told each question.</summary>
    internal Action<string>? Asked { get; init; }

    /// <summary>The database's kind, for the few texts that differ.</summary>
    public DatabaseProvider Provider => _engine.Provider;

    /// <summary>Carries out a change; the number of rows it touched.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        if (_posted is null)
            return Bind(sql, values).ExecuteNonQuery();
        var last = Add(sql, values);
        Flush();
        return last.RecordsAffected;
    }

    /// <summary>
    /// Carries out a change whose count nobody asks for: where the database is asked over a network, it travels with what is asked next. Its
    /// failure surfaces there.
    /// </summary>
    public void Post(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_batches)
        {
            Bind(sql, values).ExecuteNonQuery();
            return;
        }

        Add(sql, values);
        if (_posted!.BatchCommands.Count >= LargestBatch)
            Flush();
    }

    /// <summary>The rows of a question. They must be disposed of before the next statement of the session.</summary>
    public SqlRows Query(string sql, params ReadOnlySpan<object?> values)
    {
        Asked?.Invoke(sql);
        if (_posted is null)
            return new(_open = Bind(sql, values).ExecuteReader(), _engine);
        Add(sql, values);
        // Changes have no rows: the reader begins at the question's.
        return new(_open = Take().ExecuteReader(), _engine);
    }

    /// <summary>The rows of a question, locked until the transaction ends where several writers may work at once.</summary>
    public SqlRows QueryLocking(string sql, params ReadOnlySpan<object?> values)
    {
        if (_engine.Provider == DatabaseProvider.Sqlite)
            return Query(sql, values);
        if (!_locking.TryGetValue(sql, out var locking))
            _locking.Add(sql, locking = sql + " FOR UPDATE");
        return Query(locking, values);
    }

    /// <summary>One whole number, or null where there is no row or no value.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> values) => Value(sql, values) is { } value ? Convert.ToInt64(value) : null;

    /// <summary>One text, or null where there is no row or no value.</summary>
    public string? Text(string sql, params ReadOnlySpan<object?> values) => Value(sql, values) as string;

    /// <summary>Sends what was posted.</summary>
    internal void Flush()
    {
        if (_posted is null)
            return;
        using var batch = Take();
        batch.ExecuteNonQuery();
    }

    /// <summary>Forgets what was posted: its transaction is undone.</summary>
    internal void Forget() => _posted = null;

    internal void DisposeStatements()
    {
        _posted = null;
        foreach (var command in _commands.Values)
            command.Dispose();
        _commands.Clear();
    }

    object? Value(string sql, ReadOnlySpan<object?> values)
    {
        using var rows = Query(sql, values);
        return rows.Next() ? rows.Value(0) : null;
    }

    DbBatch Take()
    {
        var batch = _posted!;
        _posted = null;
        return batch;
    }

    DbBatchCommand Add(string sql, ReadOnlySpan<object?> values)
    {
        RequireNoRows();
        return _engine.Add(_posted ??= _connection.CreateBatch(), sql, values);
    }

    DbCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        RequireNoRows();
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _engine.CreateCommand(_connection, sql, values.Length, _constant);
            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = Converted(values[i], _engine);
        return command;
    }

    // PostgreSQL reads one question at a time over a connection; SQLite would let this pass, and hide it from its tests.
    void RequireNoRows()
    {
        if (_open is { IsClosed: false })
            throw new InvalidOperationException("the rows of an earlier question are still open: dispose of them first");
    }

    internal static object Converted(object? value, IDatabaseEngine engine) => value switch
    {
        null => DBNull.Value,
        Guid id => engine.ToParameter(id),
        DateTimeOffset at => Microseconds.Of(at),
        var other => other,
    };
}
