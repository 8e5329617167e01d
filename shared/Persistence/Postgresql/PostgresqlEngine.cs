using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Holoflow.Persistence.Postgresql;

sealed class PostgresqlEngine : IDatabaseEngine
{
    // Any number that nothing else in the database uses for advisory locks: "holoflow" in ASCII.
    const long SchemaLock = 0x686f6c6f666c6f77;
    readonly string _connectionString;
    readonly ParameterTypes _types;

    public PostgresqlEngine(string location)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out var uri) || uri.AbsolutePath.Length < 2)
            throw new DatabaseException(DatabaseFault.Unreachable, "the database location cannot be understood: it should look like postgresql://user:password@host:5432/name");
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]),
            Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            ApplicationName = "holoflow",
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
        };
        ApplyTls(builder, uri.Query);
        DisplayName = $"{builder.Host}:{builder.Port}/{builder.Database}";
        _connectionString = builder.ConnectionString;
        _types = new ParameterTypes(_connectionString);
    }

    // As libpq writes them in an address.
    static void ApplyTls(NpgsqlConnectionStringBuilder builder, string query)
    {
        foreach (var parameter in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = parameter.Split('=', 2) is [var n, var v] ? (n, Uri.UnescapeDataString(v)) : (parameter, "");
            switch (name)
            {
                case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode) && Enum.IsDefined(mode) && !char.IsAsciiDigit(value[0]):
                    builder.SslMode = mode;
                    break;
                case "sslrootcert" when value.Length > 0:
                    builder.RootCertificate = value;
                    break;
                default:
                    throw new DatabaseException(DatabaseFault.Unreachable, $"the database location has the parameter '{name}' that is not understood: sslmode=disable, allow, prefer, require, verify-ca or verify-full and sslrootcert=FILE are");
            }
        }
    }

    public DatabaseProvider Provider => DatabaseProvider.Postgresql;

    public string DisplayName { get; }

    public string ScriptFolder => "postgresql";

    public ValueTask<DbConnection> OpenForReading(CancellationToken cancellation) => OpenForWriting(false, cancellation);

    public async ValueTask<DbConnection> OpenForWriting(bool create, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch (NpgsqlException e)
        {
            await connection.DisposeAsync();
            throw new DatabaseException(DatabaseFault.Unreachable, $"the database {DisplayName} cannot be reached: {e.Message}", e);
        }
    }

    public async ValueTask<DbTransaction> BeginWriting(DbConnection connection, CancellationToken cancellation) =>
        await connection.BeginTransactionAsync(cancellation);

    public void LockSchema(DbTransaction transaction)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.CommandText = $"SELECT pg_advisory_xact_lock({SchemaLock})";
        command.ExecuteNonQuery();
    }

    public async Task<Leadership> Lead(string duty, CancellationToken cancellation)
    {
        try
        {
            return await LockLeadership.Take(_connectionString, duty, cancellation);
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            throw new DatabaseException(DatabaseFault.Unreachable, $"the database {DisplayName} cannot be reached: {e.Message}", e);
        }
    }

    // The server checks its own pages.
    public string? FindDamage(DbConnection connection) => null;

    public void Configure(DbContextOptionsBuilder builder) => builder.UseNpgsql(_connectionString);

    public DbCommand CreateCommand(DbConnection connection, string sql, int parameters, bool isConstant)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        var types = isConstant ? _types.Of(sql, parameters) : null;
        for (var i = 0; i < parameters; i++)
            command.Parameters.Add(Parameter(types?[i]));
        return command;
    }

    public DbBatchCommand Add(DbBatch batch, string sql, ReadOnlySpan<object?> values)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        var types = _types.Of(sql, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = Parameter(types[i]);
            parameter.Value = Sql.SqlSession.Converted(values[i], this);
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
        return command;
    }

    public object ToParameter(Guid id) => id;

    public Guid ReadGuid(DbDataReader reader, int ordinal) => reader.GetGuid(ordinal);

    public DatabaseException? Explain(DbException exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new DatabaseException(
            DatabaseFault.Full, $"the disk of the database {DisplayName} is full: nothing of the change was kept; free some space", exception),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => new DatabaseException(
            DatabaseFault.ReadOnly, $"the database {DisplayName} only allows reading", exception),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied => new DatabaseException(
            DatabaseFault.ReadOnly, $"the user of the database {DisplayName} lacks a right: {denied.MessageText}", exception),
        PostgresException { Severity: "FATAL" or "PANIC" } ended => new DatabaseException(
            DatabaseFault.Unreachable, $"the database {DisplayName} ended the connection: {ended.MessageText}", exception),
        PostgresException => null,
        _ => new DatabaseException(DatabaseFault.Unreachable, $"the database {DisplayName} cannot be reached: {exception.Message}", exception),
    };

    static NpgsqlParameter Parameter(NpgsqlDbType? type) => type is { } known ? new NpgsqlParameter { NpgsqlDbType = known } : new NpgsqlParameter();

    // A broken connection has no transaction any more; a failed statement is undone by its savepoint.
    public bool EndsTransaction(DbException exception) => exception is not PostgresException { Severity: "ERROR" } || IsDeadlock(exception);

    public bool IsDeadlock(DbException exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };
}
