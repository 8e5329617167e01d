using System.Collections.Concurrent;
using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Holoflow.Persistence.Postgresql;

/// <summary>
/// The types of statements' parameters as the server infers them, asked once a statement. Without them a parameter that is null one time and
/// a text the next looks like another statement, and the server parses and plans it anew each time.
/// </summary>
sealed class ParameterTypes(string connectionString)
{
    // In a session of its own: one that waited for the caller's own locks would wait for ever.
    const string Patience = "SET lock_timeout = '500ms'";
    /// <summary>The class of errors of syntax and of types.</summary>
    const string NotInferable = "42";

    const string Inferred = "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'inferred'";

    // One schema a process: a statement means the same in every database of it.
    static readonly ConcurrentDictionary<string, NpgsqlDbType?[]> Known = new(StringComparer.Ordinal);

    /// <summary>The types by place, at least <paramref name="count"/>; null where the value is to tell.</summary>
    public IReadOnlyList<NpgsqlDbType?> Of(string sql, int count) =>
        count == 0 ? [] : Known.TryGetValue(sql, out var types) ? types : Ask(sql, count);

    NpgsqlDbType?[] Ask(string sql, int count)
    {
        try
        {
            using var connection = new NpgsqlConnection(connectionString);
            connection.Open();
            Execute(connection, Patience);
            Execute(connection, $"PREPARE inferred AS {sql}");
            using var command = new NpgsqlCommand(Inferred, connection);
            var types = Array.ConvertAll((string[])command.ExecuteScalar()!, TypeOf);
            Execute(connection, "DEALLOCATE inferred");
            return types.Length >= count ? Known[sql] = types : new NpgsqlDbType?[count];
        }
        catch (PostgresException e) when (e.SqlState.StartsWith(NotInferable, StringComparison.Ordinal) && e.SqlState != PostgresErrorCodes.UndefinedTable)
        {
            return Known[sql] = new NpgsqlDbType?[count];
        }
        catch (DbException)
        {
            // Not to be known now; the statement itself will tell what is wrong.
            return new NpgsqlDbType?[count];
        }
    }

    static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    static NpgsqlDbType? TypeOf(string name) => name switch
    {
        "uuid" => NpgsqlDbType.Uuid,
        "bigint" => NpgsqlDbType.Bigint,
        "integer" => NpgsqlDbType.Integer,
        "text" => NpgsqlDbType.Text,
        "boolean" => NpgsqlDbType.Boolean,
        "double precision" => NpgsqlDbType.Double,
        _ => null,
    };
}
