using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Holoflow.Persistence.Sqlite;

/// <summary>A transaction that holds the file's one write lock. SQLite may have rolled it back by itself after a grave fault.</summary>
sealed class SqliteWriteTransaction(SqliteConnection connection) : DbTransaction
{
    public override IsolationLevel IsolationLevel => IsolationLevel.Serializable;

    protected override DbConnection DbConnection => connection;

    public override void Commit() => SqliteException.ThrowExceptionForRC(sqlite3_exec(connection.Handle!, "COMMIT"), connection.Handle!);

    public override void Rollback()
    {
        if (sqlite3_get_autocommit(connection.Handle!) == 0)
            SqliteException.ThrowExceptionForRC(sqlite3_exec(connection.Handle!, "ROLLBACK"), connection.Handle!);
    }

    public override void Save(string savepointName) => SqliteException.ThrowExceptionForRC(sqlite3_exec(connection.Handle!, $"SAVEPOINT {savepointName}"), connection.Handle!);

    public override void Release(string savepointName) => SqliteException.ThrowExceptionForRC(sqlite3_exec(connection.Handle!, $"RELEASE {savepointName}"), connection.Handle!);

    public override void Rollback(string savepointName) =>
        SqliteException.ThrowExceptionForRC(sqlite3_exec(connection.Handle!, $"ROLLBACK TO {savepointName}; RELEASE {savepointName}"), connection.Handle!);

    protected override void Dispose(bool disposing)
    {
        if (disposing && connection.State == ConnectionState.Open)
            Rollback();
        base.Dispose(disposing);
    }
}
