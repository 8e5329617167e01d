using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Holoflow.Persistence.Sqlite;

sealed class SqliteEngine : IDatabaseEngine
{
    // Readers and openers wait inside SQLite for this long, then the provider tries again, without end.
    const int BusyTimeoutMilliseconds = 30_000;
    readonly string _path;
    readonly ConditionalWeakTable<sqlite3, string> _setUp = [];
    readonly string _readOnly;
    readonly string _readWrite;
    readonly string _readWriteCreate;

    public SqliteEngine(string location)
    {
        _path = Path.GetFullPath(location);
        // Timeout 0 is without end. Each reader pools; a writer is opened once and kept.
        _readOnly = ConnectionString(SqliteOpenMode.ReadOnly, pooling: true);
        _readWrite = ConnectionString(SqliteOpenMode.ReadWrite, pooling: false);
        _readWriteCreate = ConnectionString(SqliteOpenMode.ReadWriteCreate, pooling: false);
    }

    public DatabaseProvider Provider => DatabaseProvider.Sqlite;

    public string DisplayName => _path;

    public string ScriptFolder => "sqlite";

    public async ValueTask<DbConnection> OpenForReading(CancellationToken cancellation)
    {
        RequireFile();
        return await Open(_readOnly, "PRAGMA busy_timeout = 30000; PRAGMA mmap_size = 268435456;", cancellation, _setUp);
    }

    public async ValueTask<DbConnection> OpenForWriting(bool create, CancellationToken cancellation)
    {
        if (!create)
            RequireFile();
        else if (Path.GetDirectoryName(_path) is { } directory && !Directory.Exists(directory))
            throw new DatabaseException(DatabaseFault.Unreachable, $"the directory '{directory}' of the database does not exist: make it, or set HOLOFLOW_HOME to one that does");
        return await Open(
            create ? _readWriteCreate : _readWrite,
            "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;",
            cancellation);
    }

    public async ValueTask<DbTransaction> BeginWriting(DbConnection connection, CancellationToken cancellation)
    {
        var sqlite = (SqliteConnection)connection;
        // SQLite's own waiting backs off to 100 ms; many short writers pass sooner when each looks again within a few.
        sqlite3_busy_timeout(sqlite.Handle!, 0);
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                var result = sqlite3_exec(sqlite.Handle!, "BEGIN IMMEDIATE");
                if (result == SQLITE_OK)
                    return new SqliteWriteTransaction(sqlite);
                if ((result & 0xff) != SQLITE_BUSY)
                    SqliteException.ThrowExceptionForRC(result, sqlite.Handle!);
                await Task.Delay(1 + Random.Shared.Next(Math.Min(2 + attempt, 12)), CancellationToken.None);
                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            sqlite3_busy_timeout(sqlite.Handle!, BusyTimeoutMilliseconds);
        }
    }

    // The write transaction itself is the lock.
    public void LockSchema(DbTransaction transaction) => ArgumentNullException.ThrowIfNull(transaction);

    public Task<Leadership> Lead(string duty, CancellationToken cancellation) => Task.FromResult<Leadership>(new SharedLeadership());

    public string? FindDamage(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        return command.ExecuteScalar() is string said && said != "ok" ? said : null;
    }

    public void Configure(DbContextOptionsBuilder builder) => builder.UseSqlite(_readOnly);

    public DbCommand CreateCommand(DbConnection connection, string sql, int parameters, bool isConstant)
    {
        var command = ((SqliteConnection)connection).CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        return command;
    }

    public DbBatchCommand Add(DbBatch batch, string sql, ReadOnlySpan<object?> values) => throw new NotSupportedException("SQLite sends no statements together");

    public object ToParameter(Guid id) => id.ToByteArray(bigEndian: true);

    public Guid ReadGuid(DbDataReader reader, int ordinal)
    {
        Span<byte> bytes = stackalloc byte[16];
        using var stream = reader.GetStream(ordinal);
        stream.ReadExactly(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    public DatabaseException? Explain(DbException exception) => exception is SqliteException sqlite ? SqliteFaults.Explain(sqlite, _path) : null;

    public bool EndsTransaction(DbException exception) => exception is SqliteException sqlite && SqliteFaults.EndsTransaction(sqlite);

    // Writers wait for each other before they begin: none is ever chosen as a victim.
    public bool IsDeadlock(DbException exception) => false;

    void RequireFile()
    {
        if (!File.Exists(_path))
            throw new DatabaseException(DatabaseFault.Unreachable, $"there is no database at '{_path}': make it with 'holoflow database upgrade'");
    }

    // A connection that comes from the pool is set up as it was left.
    async ValueTask<DbConnection> Open(string connectionString, string pragmas, CancellationToken cancellation, ConditionalWeakTable<sqlite3, string>? setUp = null)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            if (setUp?.TryGetValue(connection.Handle!, out _) == true)
                return connection;
            await using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            await command.ExecuteNonQueryAsync(cancellation);
            setUp?.AddOrUpdate(connection.Handle!, pragmas);
            return connection;
        }
        catch (SqliteException e)
        {
            await connection.DisposeAsync();
            throw Explain(e) ?? (Exception)e;
        }
    }

    string ConnectionString(SqliteOpenMode mode, bool pooling) =>
        new SqliteConnectionStringBuilder { DataSource = _path, Mode = mode, DefaultTimeout = 0, Pooling = pooling }.ToString();
}
