using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;

namespace Holoflow.Messaging.Tests;

/// <summary>What is made at the broker is what RabbitMQ 3.10 and 4.x both have: asked of the broker itself, after every kind of use.</summary>
public sealed class BrokerVersionTests(ManagedBroker broker) : IClassFixture<ManagedBroker>
{
    static readonly HashSet<string> KnownToBoth = new(
        ["x-queue-type", "x-delivery-limit", "x-dead-letter-exchange", "x-dead-letter-routing-key", "x-single-active-consumer", "x-max-length", "x-max-length-bytes", "x-overflow", "x-message-ttl", "x-expires"],
        StringComparer.Ordinal);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_is_made_at_the_broker_is_known_to_its_older_and_its_newer_versions()
    {
        await using var services = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Server.Address }, cancellation: Cancellation);
        await using var agent = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Server.Address, DeclaresRequestQueues = false, IsConfined = true }, cancellation: Cancellation);
        await using var leases = services.Handle<RenewLeases, LeasesRenewed>((_, _) => ValueTask.FromResult(new LeasesRenewed([], 15)));
        await using var lines = services.Handle<LogChunk, CommandAnswered>((_, _) => ValueTask.FromResult(new CommandAnswered(CommandOutcome.Accepted)));
        await using var states = services.Subscribe<RunStateChanged>(new Subscription("#"), (_, _) => ValueTask.CompletedTask);
        await using var offers = agent.Subscribe<RunOffered>(new Subscription("offer.default", "run-offers.default") { Ready = () => true }, (_, _) => ValueTask.CompletedTask);
        await using var control = agent.Subscribe<RunControl>(new Subscription("agent.a"), (_, _) => ValueTask.CompletedTask);
        await Task.WhenAll(states.Established, offers.Established, control.Established).WaitAsync(Cancellation);
        _ = await agent.Request(new RenewLeases("a", []), Cancellation);

        foreach (var queue in await Rows("api/queues?disable_stats=true&enable_queue_totals=true"))
        {
            var name = queue.GetProperty("name").GetString();
            var arguments = queue.GetProperty("arguments").EnumerateObject().Select(a => a.Name).ToList();
            Assert.True(queue.GetProperty("durable").GetBoolean(), $"{name}: newer brokers take no transient queue that is not exclusive");
            Assert.True(arguments.TrueForAll(KnownToBoth.Contains), $"{name}: {string.Join(", ", arguments)}");
            if (arguments.Contains("x-queue-type"))
                Assert.True(arguments.Contains("x-delivery-limit"), $"{name}: the versions differ in how often they deliver where nothing is said");
        }

        Assert.All(await Rows("api/exchanges"), exchange => Assert.Contains(exchange.GetProperty("type").GetString(), (string[])["direct", "fanout", "topic", "headers"]));
        Assert.Empty(await Rows("api/policies"));
    }

    async Task<IReadOnlyList<JsonElement>> Rows(string path)
    {
        using var http = new HttpClient { BaseAddress = new UriBuilder(broker.Management) { UserName = "", Password = "" }.Uri };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("guest:guest"u8));
        return [.. JsonElement.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation)).EnumerateArray()];
    }
}
