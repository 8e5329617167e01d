using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Messaging.Tests;

/// <summary>Whoever reaches the broker as an agent does not own the workers: with the rights of an installation it says what agents say, and hears what agents hear.</summary>
public sealed class BrokerRightsTests(InstallationBroker broker) : IClassFixture<InstallationBroker>
{
    const int AccessRefused = 403;

    static readonly string[] AgentsSend = ["state-store.claim-run", "state-store.report-run", "leases.renew-leases", "task-reports.report-tasks", "logs", "agents"];
    static readonly string[] Events = ["run-state-changed", "task-runs-changed", "definitions-changed", "logs-stored", "agents", "run-offers", "agent-control"];

    static readonly IReadOnlyList<string> Requests = [.. typeof(MessageAttribute).Assembly.GetTypes()
        .Where(t => Array.Exists(t.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>)) && !t.IsAssignableTo(typeof(IBulk))).Select(WireTopology.RequestQueue)];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task An_agent_can_neither_say_nor_hear_what_is_not_for_agents()
    {
        await using var operators = await Operators();
        await using var owner = await new ConnectionFactory { Uri = broker.Server.Address }.CreateConnectionAsync(Cancellation);
        await using (var channel = await owner.CreateChannelAsync(cancellationToken: Cancellation))
            _ = await channel.QueueDeclareAsync("answers.api.1", durable: false, exclusive: false, autoDelete: false, cancellationToken: Cancellation);

        await using var agent = await Agent();
        foreach (var exchange in AgentsSend)
            Assert.Equal(0, await Try(agent, channel => Publish(channel, exchange, "x")));
        foreach (var exchange in Requests.Concat(Events).Append("dead-letter").Except(AgentsSend))
            Assert.Equal((exchange, AccessRefused), (exchange, await Try(agent, channel => Publish(channel, exchange, "x"))));
        foreach (var queue in Requests.Append("answers.api.1").Append("dead-letter").Append("dead-letter.hints"))
        {
            Assert.Equal((queue, AccessRefused), (queue, await Try(agent, channel => Publish(channel, "", queue))));
            Assert.Equal((queue, AccessRefused), (queue, await Try(agent, async channel => _ = await channel.BasicGetAsync(queue, autoAck: true, Cancellation))));
            Assert.Equal((queue, AccessRefused), (queue, await Try(agent, async channel => _ = await channel.QueuePurgeAsync(queue, Cancellation))));
        }
    }

    [Fact(Timeout = 180_000)]
    public async Task An_agent_can_take_away_nothing_that_others_rely_on()
    {
        await using var operators = await Operators();
        await using var agent = await Agent();
        foreach (var exchange in Requests.Concat(Events).Concat(["logs", "dead-letter", "dead-letter.agents", "answers.api.1", "sent.scheduler.state-store.submit-run"]))
        {
            Assert.Equal((exchange, AccessRefused), (exchange, await Try(agent, channel => channel.ExchangeDeleteAsync(exchange, cancellationToken: Cancellation))));
            Assert.Equal((exchange, AccessRefused), (exchange, await Try(agent, channel => channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: Cancellation))));
            Assert.Equal((exchange, AccessRefused), (exchange, await Try(agent, async channel => _ = await channel.QueueDeleteAsync(exchange, cancellationToken: Cancellation))));
        }

        // Nor take another's messages by binding its exchange to one of its own.
        Assert.Equal(0, await Try(agent, channel => channel.ExchangeDeclareAsync("sent.agent.mine", ExchangeType.Fanout, durable: true, cancellationToken: Cancellation)));
        foreach (var exchange in Requests.Append("logs").Append("agents").Append("run-state-changed"))
            Assert.Equal((exchange, AccessRefused), (exchange, await Try(agent, channel => channel.ExchangeBindAsync("sent.agent.mine", exchange, "#", cancellationToken: Cancellation))));
    }

    [Fact(Timeout = 180_000)]
    public async Task What_an_agent_plants_among_the_dead_letters_goes_to_no_service()
    {
        await using var operators = await Operators();
        await using var agent = await Agent();
        var planted = new BasicProperties
        {
            MessageId = "planted",
            Headers = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["holoflow-queue"] = "state-store.define-deployment",
                ["x-death"] = new List<object?> { new Dictionary<string, object?>(StringComparer.Ordinal) { ["queue"] = "state-store.define-deployment", ["reason"] = "rejected", ["count"] = 1L, ["exchange"] = "", ["routing-keys"] = new List<object?> { "x" } } },
            },
        };
        foreach (var key in (string[])["hint.state-store.define-deployment", "hint.run-offers.default", "kept.state-store.define-deployment"])
            Assert.Equal(0, await Try(agent, channel => channel.BasicPublishAsync("dead-letter.agents", key, mandatory: false, planted, "{}"u8.ToArray(), Cancellation).AsTask()));

        Assert.Equal(2, (await operators.DeadLetters.List(null, 10, Cancellation)).Count);
        var refused = await Assert.ThrowsAsync<MessagingException>(() => operators.DeadLetters.Replay(_ => true, Cancellation));
        Assert.Contains("is none of an agent's", refused.Message, StringComparison.Ordinal);
        await using var owner = await new ConnectionFactory { Uri = broker.Server.Address }.CreateConnectionAsync(Cancellation);
        await using var look = await owner.CreateChannelAsync(cancellationToken: Cancellation);
        Assert.Equal(0u, await look.MessageCountAsync("state-store.define-deployment", Cancellation));
        Assert.Equal(2, await operators.DeadLetters.Drop(_ => true, Cancellation));
    }

    Task<RabbitMqBus> Operators() => RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Server.Address }, cancellation: Cancellation);

    Task<IConnection> Agent() => new ConnectionFactory { Uri = broker.Server.Address, UserName = "agent", Password = InstallationBroker.Password }.CreateConnectionAsync(Cancellation);

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
}
