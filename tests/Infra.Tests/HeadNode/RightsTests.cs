using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Infra.Tests.HeadNode;

/// <summary>What each service's user of the database and of the broker may do; that they can do their part, every run shows.</summary>
[Collection(HeadNodeCollection.Name)]
public sealed class RightsTests(HeadNodeStack stack)
{
    const string InsufficientPrivilege = "42501";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("state-store", "CREATE TABLE own (a int)")]
    [InlineData("state-store", "UPDATE schema_version SET version = 99")]
    [InlineData("state-store", "INSERT INTO log_lines DEFAULT VALUES")]
    [InlineData("log-ingest", "SELECT * FROM flow_run_contents")]
    [InlineData("log-ingest", "UPDATE flow_runs SET state_type = 'Completed'")]
    [InlineData("log-ingest", "DELETE FROM log_lines")]
    [InlineData("scheduler", "UPDATE flow_runs SET state_type = 'Completed'")]
    [InlineData("scheduler", "INSERT INTO outbox (kind, body, created_at) VALUES ('a', 'b', 1)")]
    [InlineData("scheduler", "SELECT * FROM api_tokens")]
    [InlineData("log-ingest", "SELECT * FROM api_tokens")]
    [InlineData("api", "INSERT INTO api_tokens DEFAULT VALUES")]
    [InlineData("api", "UPDATE flow_runs SET state_type = 'Completed'")]
    [InlineData("api", "DELETE FROM deployments")]
    [InlineData("api", "CREATE ROLE another")]
    public async Task A_role_may_not_do_another_rooms_work(string role, string sql)
    {
        await using var connection = await Open(role);
        await using var command = new NpgsqlCommand(sql, connection);
        Assert.Equal(InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation))).SqlState);
    }

    [Theory]
    [InlineData("state-store", "SELECT count(*) FROM flow_runs")]
    [InlineData("log-ingest", "SELECT 1 FROM flow_runs FOR UPDATE")]
    [InlineData("scheduler", "SELECT count(*) FROM schedules")]
    [InlineData("api", "SELECT count(*) FROM log_lines")]
    public async Task A_role_may_do_its_own(string role, string sql)
    {
        await using var connection = await Open(role);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    [Fact]
    public async Task Agents_and_the_superuser_have_no_way_into_the_database()
    {
        foreach (var role in new[] { "agent", "postgres" })
        {
            await using var connection = new NpgsqlConnection(Address(role, stack.Secret("agent/broker-password")));
            await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Cancellation));
        }
    }

    [Theory]
    [InlineData("agent", "state-store.claim-run")]
    [InlineData("agent", "leases.renew-leases")]
    [InlineData("agent", "logs.0")]
    [InlineData("scheduler", "state-store.submit-run")]
    [InlineData("log-ingest", "state-store.report-run")]
    [InlineData("api", "state-store.submit-run")]
    public async Task A_broker_user_may_not_read_what_others_are_asked(string user, string queue) =>
        await Refused(user, channel => channel.BasicGetAsync(queue, autoAck: false, Cancellation));

    [Theory]
    [InlineData("agent", "run-state-changed")]
    [InlineData("agent", "run-offers")]
    [InlineData("agent", "agent-control")]
    [InlineData("agent", "state-store.submit-run")]
    [InlineData("scheduler", "run-state-changed")]
    [InlineData("log-ingest", "agent-control")]
    public async Task A_broker_user_may_not_publish_what_only_others_know(string user, string exchange) =>
        await Refused(user, async channel =>
        {
            await channel.BasicPublishAsync(exchange, "run.Completed.default", Array.Empty<byte>(), Cancellation);
            // The refusal of a publish comes by itself; the next call meets the closed channel.
            await channel.QueueDeclarePassiveAsync(exchange, Cancellation);
        });

    [Fact]
    public async Task The_broker_has_no_default_user()
    {
        var factory = new ConnectionFactory { HostName = "127.0.0.1", Port = stack.PortOf("rabbitmq"), UserName = "guest", Password = "guest" };
        await Assert.ThrowsAsync<BrokerUnreachableException>(() => factory.CreateConnectionAsync(Cancellation));
    }

    async Task Refused(string user, Func<IChannel, Task> act)
    {
        var factory = new ConnectionFactory { HostName = "127.0.0.1", Port = stack.PortOf("rabbitmq"), UserName = user, Password = stack.Secret($"{user}/broker-password") };
        await using var connection = await factory.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancellation);
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => act(channel));
        Assert.Contains("ACCESS_REFUSED", refusal.ToString(), StringComparison.Ordinal);
    }

    async Task<NpgsqlConnection> Open(string role)
    {
        var connection = new NpgsqlConnection(Address(role, stack.Secret($"{role}/database-password")));
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    string Address(string role, string password) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = stack.PortOf("postgres"), Database = "holoflow", Username = role, Password = password, Pooling = false }.ToString();
}
