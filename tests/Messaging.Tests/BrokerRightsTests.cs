using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Messaging.Tests;

/// <summary>Whoever reaches the broker as an agent does not own the workers: with the rights of an installation it says what agents say, and hears what agents hear.</summary>
public sealed class BrokerRightsTests : IDisposable
{
    const int AccessRefused = 403;
    const string Password = "a password of this test";

    static readonly string[] AgentsSend = ["state-store.claim-run", "state-store.report-run", "leases.renew-leases", "task-reports.report-tasks", "logs", "agents"];
    static readonly string[] OthersEvents = ["run-state-changed", "task-runs-changed", "definitions-changed", "logs-stored"];

    readonly string _directory = Directory.CreateTempSubdirectory("holoflow-rights-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact(Timeout = 180_000)]
    public async Task An_agent_can_neither_say_nor_hear_what_is_not_for_agents()
    {
        var definitions = Path.Combine(_directory, "definitions.json");
        await File.WriteAllTextAsync(definitions, Definitions(), Cancellation);
        await using var broker = await RabbitMqServer.Start([$"load_definitions = {definitions}"]);
        await using var operators = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Address }, cancellation: Cancellation);
        var requests = typeof(MessageAttribute).Assembly.GetTypes()
            .Where(t => Array.Exists(t.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>)) && !t.IsAssignableTo(typeof(IBulk))).Select(WireTopology.RequestQueue).ToList();
        await using var owner = await new ConnectionFactory { Uri = broker.Address }.CreateConnectionAsync(Cancellation);
        await using (var channel = await owner.CreateChannelAsync(cancellationToken: Cancellation))
        {
            foreach (var exchange in OthersEvents.Append("agents"))
                await channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true, cancellationToken: Cancellation);
            _ = await channel.QueueDeclareAsync("answers.api.1", durable: false, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        }

        await using var agent = await new ConnectionFactory { Uri = broker.Address, UserName = "agent", Password = Password }.CreateConnectionAsync(Cancellation);
        foreach (var exchange in AgentsSend)
            Assert.Equal(0, await Try(agent, channel => Publish(channel, exchange, "x")));
        foreach (var exchange in requests.Concat(OthersEvents).Except(AgentsSend))
            Assert.Equal((exchange, AccessRefused), (exchange, await Try(agent, channel => Publish(channel, exchange, "x"))));
        foreach (var queue in requests.Append("answers.api.1"))
        {
            Assert.Equal((queue, AccessRefused), (queue, await Try(agent, channel => Publish(channel, "", queue))));
            Assert.Equal((queue, AccessRefused), (queue, await Try(agent, async channel => _ = await channel.BasicGetAsync(queue, autoAck: true, Cancellation))));
            Assert.Equal((queue, AccessRefused), (queue, await Try(agent, async channel => _ = await channel.QueuePurgeAsync(queue, Cancellation))));
        }
    }

    static async Task Publish(IChannel channel, string exchange, string key) =>
        await channel.BasicPublishAsync(exchange, key, "{}"u8.ToArray(), Cancellation);

    /// <returns>0, or why the broker closed the channel.</returns>
    static async Task<int> Try(IConnection connection, Func<IChannel, Task> act)
    {
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancellation);
        try
        {
            await act(channel);
            return 0;
        }
        catch (OperationInterruptedException e)
        {
            return e.ShutdownReason?.ReplyCode ?? -1;
        }
    }

    static string Definitions()
    {
        var rights = Rights().ToList();
        return JsonSerializer.Serialize(new
        {
            vhosts = new[] { new { name = "/" } },
            users = rights.Select(r => r.User).Append("guest").Select(user => new
            {
                name = user,
                password_hash = HashOf(user == "guest" ? "guest" : Password),
                hashing_algorithm = "rabbit_password_hashing_sha256",
                tags = user == "guest" ? "administrator" : "",
            }),
            permissions = rights.Append((User: "guest", Configure: ".*", Write: ".*", Read: ".*")).Select(r => new { user = r.User, vhost = "/", configure = r.Configure, write = r.Write, read = r.Read }),
        });
    }

    // As an installation gives them.
    static IEnumerable<(string User, string Configure, string Write, string Read)> Rights([CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "infra", "rabbitmq", "permissions");
        return File.ReadLines(file).Select(line => line.Split(' ', 2)).Where(words => words[0] is "user" or "configure" or "write" or "read").Select(words => words[1].Trim())
            .Chunk(4).Select(four => (four[0], four[1], four[2], four[3]));
    }

    static string HashOf(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(4);
        return Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])]);
    }
}
