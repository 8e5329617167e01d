using Holoflow.Persistence;
using Holoflow.Servers;
using Npgsql;

namespace Holoflow.StateStore.Tests.Support;

/// <summary>One PostgreSQL server for all tests that need one; each gets a database of its own in it.</summary>
public sealed class PostgresqlHost : IAsyncLifetime
{
    PostgresqlServer? _server;
    int _databases;

    public async ValueTask InitializeAsync() => _server = await PostgresqlServer.Start();

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal async Task<Database> CreateDatabase()
    {
        var name = $"holoflow_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        var admin = new UriBuilder(_server!.Address);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder { Host = admin.Host, Port = admin.Port, Username = admin.UserName, Password = admin.Password, Database = admin.Path[1..] }.ToString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        admin.Path = name;
        return Database.At(admin.Uri.ToString());
    }

    internal async Task<StoreUnderTest> Start(StateStoreOptions? options, TimeProvider? time) => await StoreUnderTest.Start(await CreateDatabase(), null, options, time);
}

[CollectionDefinition(Name)]
public sealed class PostgresqlTests : ICollectionFixture<PostgresqlHost>
{
    public const string Name = "postgresql";
}
