using System.Data.Common;

namespace Holoflow.Persistence.Sql;

/// <summary>A session that reads, with a connection of its own.</summary>
public sealed class ReadSession : SqlSession, IAsyncDisposable
{
    readonly DbConnection _connection;

    internal ReadSession(DbConnection connection, IDatabaseEngine engine)
        : base(connection, engine, constant: false) => _connection = connection;

    public async ValueTask DisposeAsync()
    {
        DisposeStatements();
        await _connection.DisposeAsync();
    }
}
