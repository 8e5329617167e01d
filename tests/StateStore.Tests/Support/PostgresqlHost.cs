using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Holoflow.Servers;
using Npgsql;

namespace Holoflow.StateStore.Tests.Support;

/// <summary>
/// One PostgreSQL server, and one RabbitMQ broker, for all tests that need them; each test gets a database of its own. The tests of the collection
/// run one after another: they share the broker's queues. Where the servers come from is the fixtures' affair (<c>tests/Servers</c>).
/// </summary>
public sealed class PostgresqlHost : IAsyncLifetime
{
    PostgresqlServer? _server;
    Task<RabbitMqServer>? _broker;
    int _databases;

    public async ValueTask InitializeAsync() => _server = await PostgresqlServer.Start();

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await (await _broker).DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    internal async Task<Database> CreateDatabase()
    {
        // Connections to the databases of tests before this one lie in pools for minutes.
        NpgsqlConnection.ClearAllPools();
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

    internal async Task<Uri> Broker() => (await (_broker ??= RabbitMqServer.Start())).Address;

    /// <summary>A store on the database, spoken to over the broker.</summary>
    internal async Task<StoreUnderTest> StartOnBroker(StateStoreOptions? options, TimeProvider? time)
    {
        var broker = await (_broker ??= RabbitMqServer.Start());
        var bus = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Address }, cancellation: TestContext.Current.CancellationToken);
        return await StoreUnderTest.Start(await CreateDatabase(), null, options, time, bus);
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresqlTests : ICollectionFixture<PostgresqlHost>
{
    public const string Name = "postgresql";
}
