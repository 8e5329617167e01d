using System.Data.Common;

namespace Holoflow.Persistence.Schema;

/// <summary>Finds out whether a database can be used as it is.</summary>
sealed class SchemaCheck(IDatabaseEngine engine)
{
    public async ValueTask<SchemaState> Run(bool thorough, CancellationToken cancellation)
    {
        await using var connection = await engine.OpenForReading(cancellation);
        try
        {
            var newest = SchemaScript.Of(engine.ScriptFolder)[^1].Version;
            var version = ReadVersion(engine, connection);
            RequireNotNewer(engine, version, newest);
            if (version < newest)
            {
                throw new DatabaseException(
                    DatabaseFault.Outdated,
                    $"the database {engine.DisplayName} has schema version {version}, this program needs {newest}: run 'holoflow database upgrade'");
            }

            if (thorough && engine.FindDamage(connection) is { } damage)
                throw new DatabaseException(DatabaseFault.Corrupt, $"the database {engine.DisplayName} is damaged ({damage}): restore it from a copy");
            return new SchemaState(version, newest);
        }
        catch (DbException e)
        {
            throw engine.Explain(e) ?? (Exception)e;
        }
    }

    /// <summary>The version of the schema; 0 for an empty database.</summary>
    public static int ReadVersion(IDatabaseEngine engine, DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = engine.Provider == DatabaseProvider.Sqlite
            ? "SELECT (SELECT COUNT(*) FROM sqlite_schema WHERE name = 'schema_version'), (SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table')"
            : "SELECT (SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'), (SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema())";
        using (var reader = command.ExecuteReader())
        {
            reader.Read();
            if (reader.GetInt64(0) == 0)
            {
                return reader.GetInt64(1) == 0
                    ? 0
                    : throw new DatabaseException(DatabaseFault.Corrupt, $"{engine.DisplayName} holds another program's tables and is no Holoflow database: name another place");
            }
        }

        command.CommandText = "SELECT MAX(version) FROM schema_version";
        return Convert.ToInt32(command.ExecuteScalar());
    }

    public static void RequireNotNewer(IDatabaseEngine engine, int version, int newest)
    {
        if (version > newest)
        {
            throw new DatabaseException(
                DatabaseFault.Newer,
                $"the database {engine.DisplayName} has schema version {version}, made by a newer Holoflow; this one knows up to {newest}: use the newer program, or another HOLOFLOW_HOME");
        }
    }
}
