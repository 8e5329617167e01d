using System.Data.Common;

namespace Holoflow.Persistence.Sql;

/// <summary>
/// Prepared statements over one connection, used by one caller at a time. Parameters are <c>$1</c>, <c>$2</c>… in order;
/// ids and instants are given as they are. A statement is known by its string object: keep the texts in constants.
/// </summary>
public class SqlSession
{
    readonly DbConnection _connection;
    readonly IDatabaseEngine _engine;
    readonly Dictionary<string, DbCommand> _commands = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<string, string> _locking = new(ReferenceEqualityComparer.Instance);
    DbDataReader? _open;

    internal SqlSession(DbConnection connection, IDatabaseEngine engine)
    {
        _connection = connection;
        _engine = engine;
    }

    /// <summary>The database's kind, for the few texts that differ.</summary>
    public DatabaseProvider Provider => _engine.Provider;

    /// <summary>Carries out a change; the number of rows it touched.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>The rows of a question. They must be disposed of before the next statement of the session.</summary>
    public SqlRows Query(string sql, params ReadOnlySpan<object?> values) => new(_open = Bind(sql, values).ExecuteReader(), _engine);

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
    public long? Number(string sql, params ReadOnlySpan<object?> values) =>
        Bind(sql, values).ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value) : null;

    /// <summary>One text, or null where there is no row or no value.</summary>
    public string? Text(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteScalar() as string;

    internal void DisposeStatements()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        _commands.Clear();
    }

    DbCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        // PostgreSQL reads one question at a time over a connection; SQLite would let this pass, and hide it from its tests.
        if (_open is { IsClosed: false })
            throw new InvalidOperationException("the rows of an earlier question are still open: dispose of them first");
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _engine.CreateCommand(_connection, sql, values.Length);
            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                Guid id => _engine.ToParameter(id),
                DateTimeOffset at => Microseconds.Of(at),
                var other => other,
            };
        }

        return command;
    }
}
