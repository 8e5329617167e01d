using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Outbox;
using RabbitMQ.Client;

namespace Holoflow.Messaging.Tests;

/// <summary>The message table, contract by contract, as the code has it: a change of the wire is a change of the approved table.</summary>
public sealed class MessageTableTests(Broker broker) : IClassFixture<Broker>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static readonly IReadOnlyList<Type> Messages = [.. typeof(MessageAttribute).Assembly.GetTypes().Where(t => t.GetCustomAttribute<MessageAttribute>() is not null).OrderBy(MessageName.Of, StringComparer.Ordinal)];

    [Fact]
    public void The_table_is_the_approved_one()
    {
        var table = new StringBuilder("| Message | Kind | Exchange | Key | Queue | Delivery | What nobody takes | Identity |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var type in Messages)
            table.Append($"| `{MessageName.Of(type)}` v{MessageName.Pinned(type).SchemaVersion} | {string.Join(" | ", Row(type))} | {MessageName.Pinned(type).Identity} |\n");
        var path = Path.Combine(Contracts(), "MessageTable.approved.md");
        if (!File.Exists(path) || File.ReadAllText(path) != table.ToString())
        {
            File.WriteAllText(path.Replace(".approved.", ".received.", StringComparison.Ordinal), table.ToString());
            Assert.Fail($"{path} is not what the code sends; see the .received. file beside it");
        }
    }

    [Fact]
    public void What_a_repeat_is_known_by_is_in_the_message()
    {
        foreach (var type in Messages)
        {
            foreach (var member in MessageName.Pinned(type).Identity.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                Assert.True(Has(type, member.Split('.')), $"{type.Name} has no {member}");
        }

        // A repeat of these is as good as the first: an answer belongs to its request, a sweep looks at what is.
        Assert.Equal(["claim-answered", "command-answered", "leases-renewed", "sweep-answered", "sweep-runs"], Messages.Where(t => MessageName.Pinned(t).Identity.Length == 0).Select(MessageName.Of));
    }

    [Fact]
    public async Task Every_exchange_and_queue_of_the_table_that_waits_for_its_service_is_made_at_the_broker()
    {
        await using var bus = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Server.Address }, cancellation: Cancellation);
        await using var connection = await new ConnectionFactory { Uri = broker.Server.Address }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        foreach (var type in Messages.Where(t => Answer(t) is not null))
        {
            // What is there with other arguments would be refused.
            if (type.IsAssignableTo(typeof(IBulk)))
            {
                for (var shard = 0; shard < WireTopology.Shards; shard++)
                    await WireTopology.DeclareShard(channel, MessageName.Pinned(type).Address, shard, Cancellation);
                continue;
            }

            await channel.ExchangeDeclarePassiveAsync(WireTopology.RequestQueue(type), Cancellation);
            _ = await channel.QueueDeclarePassiveAsync(WireTopology.RequestQueue(type), Cancellation);
        }
    }

    [Fact]
    public async Task A_queue_of_requests_that_an_older_version_made_is_made_anew()
    {
        var queue = WireTopology.RequestQueue(typeof(RenewLeases));
        await using var connection = await new ConnectionFactory { Uri = broker.Server.Address }.CreateConnectionAsync(Cancellation);
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation))
        {
            await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: Cancellation);
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" }, cancellationToken: Cancellation);
        }

        await using var bus = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Server.Address }, cancellation: Cancellation);
        await using var handler = bus.Handle<RenewLeases, LeasesRenewed>((_, _) => ValueTask.FromResult(new LeasesRenewed([], 15)));
        Assert.Equal(15, (await bus.Request(new RenewLeases("a", []), Cancellation)).LeaseSeconds);
    }

    static string[] Row(Type type)
    {
        var pinned = MessageName.Pinned(type);
        if (type.IsAssignableTo(typeof(IBulk)))
            return ["bulk", $"direct `{pinned.Address}`", $"0 to {WireTopology.Shards - 1}, by `{nameof(IBulk.ShardedBy)}`", $"quorum `{pinned.Address}.<key>`, one consumer at a time", "direct, confirms in a window", "refused to its sender"];
        if (Answer(type) is { } answer)
        {
            var queue = WireTopology.RequestQueue(type);
            return
            [
                $"request → `{MessageName.Of(answer)}`", $"fanout `{queue}`", "", $"{(pinned.Kept ? "quorum" : "classic")} `{queue}`", pinned.Kept ? "direct, kept when its asker is gone" : "direct, lapses with its asker",
                WireTopology.KindOf(type) == DeadLetterKind.Kept ? "dead letter, kept" : "dead letter, a day",
            ];
        }

        if (!type.IsAssignableTo(typeof(IRouted)))
            return ["answer", "", "", $"`{pinned.Address}.<user>.<id>`", "direct", "lost with its asker"];
        var message = (IRouted)Told(type, out var key);
        return
        [
            type.IsAssignableTo(typeof(IExpiring)) ? "hint, expires" : "event", $"topic `{pinned.Address}`", $"`{key}`", "one a subscription", IsOfTheOutbox(message) ? "outbox" : "direct", "nothing: a sweep makes it good",
        ];
    }

    static bool IsOfTheOutbox(IRouted message)
    {
        try
        {
            return OutboxMessages.Serialize(message).Kind == MessageName.Of(message.GetType());
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    static Type? Answer(Type type) => Array.Find(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>))?.GetGenericArguments()[0];

    /// <summary>A message whose members are named after themselves, and its key with the members in brackets.</summary>
    static object Told(Type type, out string key)
    {
        var message = RuntimeHelpers.GetUninitializedObject(type);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in type.GetProperties().Where(p => p.CanWrite))
        {
            if (property.PropertyType == typeof(string))
                property.SetValue(message, property.Name);
            if (property.PropertyType == typeof(Guid))
            {
                var id = Guid.CreateVersion7();
                property.SetValue(message, id);
                ids[id.ToString("N")] = property.Name;
            }
        }

        var names = type.GetProperties().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        key = string.Join('.', ((IRouted)message).RoutingKey.Split('.').Select(word => ids.TryGetValue(word, out var id) ? $"<{id}>" : names.Contains(word) ? $"<{word}>" : word));
        return message;
    }

    static bool Has(Type type, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return true;
        if (type.GetProperty(path[0]) is not { PropertyType: var member })
            return false;
        return Has(member.IsGenericType && member.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? member.GetGenericArguments()[0] : member, path[1..]);
    }

    static string Contracts([CallerFilePath] string caller = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "shared", "Contracts"));
}
