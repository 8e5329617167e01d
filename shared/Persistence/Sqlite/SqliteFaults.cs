using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Holoflow.Persistence.Sqlite;

/// <summary>What SQLite's result codes mean to people.</summary>
static class SqliteFaults
{
    public static DatabaseException? Explain(SqliteException exception, string path) => exception.SqliteErrorCode switch
    {
        SQLITE_NOTADB or SQLITE_CORRUPT => new DatabaseException(
            DatabaseFault.Corrupt,
            $"'{path}' is damaged, or is not a Holoflow database ({exception.Message}): restore it from a copy, or move it away to start afresh",
            exception),
        SQLITE_READONLY => new DatabaseException(
            DatabaseFault.ReadOnly, $"the database '{path}' cannot be written: give this user the right to write to the file and to its directory", exception),
        SQLITE_CANTOPEN or SQLITE_PERM or SQLITE_AUTH => new DatabaseException(
            DatabaseFault.Unreachable, $"the database '{path}' cannot be opened: check that it is a file, and that this user may read and write it and its directory", exception),
        SQLITE_FULL => new DatabaseException(DatabaseFault.Full, $"the disk of the database '{path}' is full: nothing of the change was kept; free some space", exception),
        SQLITE_IOERR => new DatabaseException(
            DatabaseFault.Full, $"the database '{path}' could not be read or written ({exception.Message}): nothing of the change was kept; check the disk and its quota", exception),
        _ => null,
    };

    // The codes on which SQLite may roll back the whole transaction by itself.
    public static bool EndsTransaction(SqliteException exception) =>
        exception.SqliteErrorCode is SQLITE_FULL or SQLITE_IOERR or SQLITE_NOMEM or SQLITE_BUSY or SQLITE_INTERRUPT or SQLITE_CORRUPT or SQLITE_NOTADB or SQLITE_READONLY;
}
