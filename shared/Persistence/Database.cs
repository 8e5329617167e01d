using System.Data.Common;
using Holoflow.Persistence.Postgresql;
using Holoflow.Persistence.Schema;
using Holoflow.Persistence.Sql;
using Holoflow.Persistence.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Holoflow.Persistence;

public enum DatabaseProvider
{
    Sqlite,
    Postgresql,
}

/// <summary>
/// One database: a SQLite file, or a PostgreSQL server's. Opens connections that are set up as they must be; any number of
/// processes may use one file at once, and wait for each other as long as it takes.
/// </summary>
public sealed class Database
{
    readonly IDatabaseEngine _engine;
    readonly TimeProvider _time;

    Database(IDatabaseEngine engine, TimeProvider time)
    {
        _engine = engine;
        _time = time;
    }

    public DatabaseProvider Provider => _engine.Provider;

    /// <summary>For people: the file's path, or host, port and name; never a password.</summary>
    public string DisplayName => _engine.DisplayName;

    internal IDatabaseEngine Engine => _engine;

    /// <summary>Is told each question that a session for reading asks.</summary>
    internal Action<string>? Asked { get; set; }

    /// <summary>The database at <paramref name="location"/>: <c>postgresql://user:password@host:port/name</c>, or the path of a file.</summary>
    /// <exception cref="DatabaseException">The location cannot be understood.</exception>
    public static Database At(string location, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        IDatabaseEngine engine = location.StartsWith("postgresql://", StringComparison.Ordinal) || location.StartsWith("postgres://", StringComparison.Ordinal)
            ? new PostgresqlEngine(location)
            : new SqliteEngine(location);
        return new Database(engine, time ?? TimeProvider.System);
    }

    /// <summary>A connection for reading. It must be disposed of.</summary>
    /// <exception cref="DatabaseException">The database cannot be opened.</exception>
    public ValueTask<DbConnection> OpenForReading(CancellationToken cancellation = default) => _engine.OpenForReading(cancellation);

    /// <summary>A connection for bulk copies, with transactions of its own. It must be disposed of.</summary>
    /// <exception cref="DatabaseException">The database cannot be opened.</exception>
    public ValueTask<DbConnection> OpenForBulk(CancellationToken cancellation = default) => _engine.OpenForWriting(create: false, cancellation);

    /// <summary>The fault as one clear line; null where it says nothing about the database as a whole.</summary>
    public DatabaseException? Explain(DbException fault) => _engine.Explain(fault);

    /// <summary>A session of prepared statements for reading. It must be disposed of.</summary>
    /// <exception cref="DatabaseException">The database cannot be opened.</exception>
    public async ValueTask<ReadSession> OpenReadSession(CancellationToken cancellation = default) => new(await _engine.OpenForReading(cancellation), _engine) { Asked = Asked };

    /// <summary>A context for reading, which tracks nothing. It must be disposed of.</summary>
    public HoloflowDbContext CreateContext()
    {
        var builder = new DbContextOptionsBuilder<HoloflowDbContext>();
        _engine.Configure(builder);
        return new HoloflowDbContext(builder.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options);
    }

    /// <summary>Makes the schema, or brings an older one up to date; one process at a time does it, the others find it done.</summary>
    /// <exception cref="DatabaseException">It cannot be used, or is newer than this program.</exception>
    public ValueTask<SchemaState> Upgrade(CancellationToken cancellation = default) => new SchemaUpgrade(_engine, _time).Run(cancellation);

    /// <summary>
    /// Waits until this process may carry out <paramref name="duty"/>, which one process at a time does on a PostgreSQL database; on a
    /// file every process may.
    /// </summary>
    /// <exception cref="DatabaseException">The database cannot be reached.</exception>
    public Task<Leadership> Lead(string duty, CancellationToken cancellation = default) => _engine.Lead(duty, cancellation);

    /// <summary>Finds out whether the database can be used by this program as it is, without changing it.</summary>
    /// <param name="thorough">Also reads all of it to find damage.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DatabaseException">It cannot be used; the message says why and what to do.</exception>
    public ValueTask<SchemaState> Check(bool thorough = false, CancellationToken cancellation = default) =>
        new SchemaCheck(_engine).Run(thorough, cancellation);

    /// <summary>Why this program cannot use the database now, in one line; null: it can.</summary>
    public async ValueTask<string?> WhyNotReady(CancellationToken cancellation = default)
    {
        try
        {
            _ = await Check(cancellation: cancellation);
            return null;
        }
        catch (DatabaseException e)
        {
            return e.Message;
        }
    }
}
