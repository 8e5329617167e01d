using Holoflow.Contracts;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using ExchangeType = RabbitMQ.Client.ExchangeType;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>What a dead letter of a queue is worth.</summary>
enum DeadLetterKind
{
    /// <summary>Work that nobody repeats: kept until an operator decides.</summary>
    Kept,

    /// <summary>Something that is said again anyway: the last few are kept for a day, to be looked at.</summary>
    Hint,
}

/// <summary>
/// The exchanges and queues of the message table. Only what RabbitMQ 3.10 and 4.x both have: durable quorum queues for what is shared,
/// durable queues that go with their consumer for what is not, explicit delivery limits, no global prefetch, no delays.
/// </summary>
static class WireTopology
{
    /// <summary>Where every queue sends what it cannot deliver.</summary>
    public const string DeadLetterExchange = "dead-letter";

    /// <summary>Where queues that agents make send theirs. No agent may write to the other one: what lies there is sent again to where it says.</summary>
    public const string AgentsDeadLetterExchange = "dead-letter.agents";

    public const string DeadLetterQueue = "dead-letter";

    public const string DeadHintQueue = "dead-letter.hints";

    /// <summary>How often a message that kills its consumer is delivered again.</summary>
    const int DeliveryLimit = 20;

    /// <summary>Over how many queues bulk messages are spread.</summary>
    public const int Shards = 8;

    /// <summary>How much waits in one of them at most, in bytes; beyond it publishers are refused.</summary>
    const int LargestShard = 32 * 1024 * 1024;

    const int MostHints = 10_000;

    const int MostWaitingForOne = 100_000;

    /// <summary>How long a queue of one subscriber's own outlives it.</summary>
    static readonly TimeSpan PrivateQueueLife = TimeSpan.FromMinutes(1);

    static readonly Type[] Requests = [.. typeof(MessageAttribute).Assembly.GetTypes().Where(type =>
        Array.Exists(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>)) && !type.IsAssignableTo(typeof(IBulk)))];

    static readonly string[] Topics = [.. typeof(MessageAttribute).Assembly.GetTypes()
        .Where(type => type is { IsInterface: false } && type.IsAssignableTo(typeof(IRouted))).Select(type => MessageName.Pinned(type).Address).Distinct(StringComparer.Ordinal)];

    static readonly string[] BulkAddresses = [.. typeof(MessageAttribute).Assembly.GetTypes()
        .Where(type => type is { IsInterface: false } && type.IsAssignableTo(typeof(IBulk))).Select(type => MessageName.Pinned(type).Address).Distinct(StringComparer.Ordinal)];

    /// <summary>The queue of a request, and the exchange in front of it: one a request, so that a slow kind does not hold up a quick one.</summary>
    public static string RequestQueue(Type request)
    {
        var pinned = MessageName.Pinned(request);
        return $"{pinned.Address}.{pinned.Name}";
    }

    /// <summary>A request that its asker repeats is no loss.</summary>
    public static DeadLetterKind KindOf(Type request) => MessageName.Pinned(request).Kept ? DeadLetterKind.Kept : DeadLetterKind.Hint;

    public static string DeadLetterKey(string queue, DeadLetterKind kind) => $"{(kind == DeadLetterKind.Kept ? "kept" : "hint")}.{queue}";

    /// <summary>
    /// Makes the dead-letter queues and the queues of all requests, so that one that is sent before its service has ever run waits for it.
    /// </summary>
    /// <param name="connection">Where to.</param>
    /// <param name="mayDeclare">False: the user's rights are fewer, and only whether the broker lets it in is found out.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task Declare(BrokerConnection connection, bool mayDeclare, CancellationToken cancellation)
    {
        await using var channel = await connection.OpenChannel(null, cancellation);
        if (!mayDeclare)
            return;
        await DeclareDeadLetters(channel, cancellation);
        foreach (var request in Requests)
        {
            var queue = RequestQueue(request);
            await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
            await DeclareRequests(connection, queue, KindOf(request), cancellation);
            await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellation);
        }

        // A confined user cannot make them.
        foreach (var topic in Topics)
            await channel.ExchangeDeclareAsync(topic, ExchangeType.Topic, durable: true, cancellationToken: cancellation);

        foreach (var address in BulkAddresses)
        {
            for (var shard = 0; shard < Shards; shard++)
                await DeclareShard(channel, address, shard, cancellation);
        }
    }

    /// <summary>The routing key of all that must stay in order with <paramref name="id"/>: the random end of a version 7 id is even over the shards.</summary>
    public static string Shard(Guid id) => (id.ToByteArray()[15] % Shards).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static string ShardQueue(string address, int shard) => $"{address}.{shard}";

    public static async Task DeclareShard(IChannel channel, string address, int shard, CancellationToken cancellation)
    {
        await channel.ExchangeDeclareAsync(address, ExchangeType.Direct, durable: true, cancellationToken: cancellation);
        var queue = ShardQueue(address, shard);
        var arguments = SharedArguments(queue, DeadLetterKind.Kept);
        arguments["x-single-active-consumer"] = true;
        arguments["x-max-length-bytes"] = LargestShard;
        arguments["x-overflow"] = "reject-publish";
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellation);
        await channel.QueueBindAsync(queue, address, shard.ToString(System.Globalization.CultureInfo.InvariantCulture), cancellationToken: cancellation);
    }

    /// <summary>The exchange over which a user hears that its bulk messages are done with.</summary>
    public static string BulkAnswers(string user) => $"answers.{user}.bulk";

    /// <summary>Makes that exchange, which stays, and the queue of one connection behind it, which goes with its consumer.</summary>
    public static async Task DeclareBulkAnswers(IChannel channel, string exchange, string queue, CancellationToken cancellation)
    {
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Direct, durable: true, cancellationToken: cancellation);
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-expires"] = (int)PrivateQueueLife.TotalMilliseconds, ["x-max-length"] = MostWaitingForOne };
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: true, arguments, cancellationToken: cancellation);
        await channel.QueueBindAsync(queue, exchange, queue, cancellationToken: cancellation);
    }

    /// <summary>The queue that the agents of one subscription share.</summary>
    /// <param name="channel">Where to.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="exchange">Where its events come from.</param>
    /// <param name="patterns">Which of them.</param>
    /// <param name="isRepeated">Whether their sender says the same again anyway.</param>
    /// <param name="isConfined">Whether the exchange is for others to make.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task DeclareSubscription(IChannel channel, string queue, string exchange, IReadOnlyList<string> patterns, bool isRepeated, bool isConfined, CancellationToken cancellation)
    {
        await DeclareTopic(channel, exchange, isConfined, cancellation);
        var arguments = isRepeated ? RepeatedArguments(queue) : SharedArguments(queue, DeadLetterKind.Hint);
        if (IsOfAgents(exchange))
            arguments["x-dead-letter-exchange"] = AgentsDeadLetterExchange;
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellation);
        foreach (var pattern in patterns)
            await channel.QueueBindAsync(queue, exchange, pattern, cancellationToken: cancellation);
    }

    /// <summary>A queue of one subscriber's own, gone with its consumer.</summary>
    public static async Task DeclarePrivate(IChannel channel, string queue, string exchange, IReadOnlyList<string> patterns, bool isConfined, CancellationToken cancellation)
    {
        await DeclareTopic(channel, exchange, isConfined, cancellation);
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["x-expires"] = (int)PrivateQueueLife.TotalMilliseconds,
            // A subscriber that hangs must not eat the broker's memory.
            ["x-max-length"] = MostWaitingForOne,
            ["x-dead-letter-exchange"] = isConfined ? AgentsDeadLetterExchange : DeadLetterExchange,
            ["x-dead-letter-routing-key"] = DeadLetterKey(isConfined ? queue : "private", DeadLetterKind.Hint),
        };
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: true, arguments, cancellationToken: cancellation);
        foreach (var pattern in patterns)
            await channel.QueueBindAsync(queue, exchange, pattern, cancellationToken: cancellation);
    }

    /// <summary>The exchange of a user's own that stands before one that it may write to and not make.</summary>
    public static string Outlet(string user, string exchange) => $"sent.{user}.{exchange}";

    public static async Task DeclareOutlet(IChannel channel, string outlet, string exchange, string type, CancellationToken cancellation)
    {
        await channel.ExchangeDeclareAsync(outlet, type, durable: true, cancellationToken: cancellation);
        await channel.ExchangeBindAsync(exchange, outlet, type == ExchangeType.Topic ? "#" : "", cancellationToken: cancellation);
    }

    /// <summary>Whether agents make the queues of an exchange.</summary>
    static bool IsOfAgents(string exchange) => exchange is Addresses.RunOffers or Addresses.AgentControl;

    /// <summary>Whether what an agent put among the dead letters may go back to a queue.</summary>
    public static bool IsQueueOfAgents(string queue) => queue.StartsWith($"{Addresses.RunOffers}.", StringComparison.Ordinal) || queue.StartsWith($"{Addresses.AgentControl}.", StringComparison.Ordinal);

    /// <summary>A durable queue that consumers in several processes share.</summary>
    public static void Shared(IRabbitMqReceiveEndpointConfigurator endpoint, string queue, int prefetch, DeadLetterKind kind)
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PrefetchCount = prefetch;
        foreach (var (name, value) in RequestArguments(queue, kind))
            endpoint.SetQueueArgument(name, value);
    }

    static async Task DeclareDeadLetters(IChannel channel, CancellationToken cancellation)
    {
        await channel.ExchangeDeclareAsync(DeadLetterExchange, ExchangeType.Topic, durable: true, cancellationToken: cancellation);
        // Looking at a dead letter counts as a delivery of it.
        await DeclareQueue(channel, DeadLetterQueue, "kept.#", new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 1_000_000_000 }, cancellation);
        await DeclareQueue(
            channel,
            DeadHintQueue,
            "hint.#",
            new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 1_000_000_000, ["x-max-length"] = MostHints, ["x-message-ttl"] = (int)TimeSpan.FromDays(1).TotalMilliseconds },
            cancellation);
        await channel.ExchangeDeclareAsync(AgentsDeadLetterExchange, ExchangeType.Topic, durable: true, cancellationToken: cancellation);
        await channel.QueueBindAsync(DeadHintQueue, AgentsDeadLetterExchange, "hint.#", cancellationToken: cancellation);
    }

    static async Task DeclareQueue(IChannel channel, string queue, string pattern, Dictionary<string, object?> arguments, CancellationToken cancellation)
    {
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellation);
        await channel.QueueBindAsync(queue, DeadLetterExchange, pattern, cancellationToken: cancellation);
    }

    static Task DeclareTopic(IChannel channel, string exchange, bool isConfined, CancellationToken cancellation) => isConfined
        ? channel.ExchangeDeclarePassiveAsync(exchange, cancellation)
        : channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellation);

    static async Task DeclareRequests(BrokerConnection connection, string queue, DeadLetterKind kind, CancellationToken cancellation)
    {
        try
        {
            await Declare();
        }
        catch (OperationInterruptedException e) when (kind == DeadLetterKind.Hint && IsOfAnotherMake(e))
        {
            // An older version kept on disk what its askers repeat.
            await using (var channel = await connection.OpenChannel(null, cancellation))
                await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: cancellation);
            await Declare();
        }

        async Task Declare()
        {
            // A refusal ends the channel.
            await using var channel = await connection.OpenChannel(null, cancellation);
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, RequestArguments(queue, kind), cancellationToken: cancellation);
        }
    }

    /// <summary>Another version of this program made the queue. The broker has one code for that and for what is wrong with a message, and tells them apart in words alone.</summary>
    public static bool IsOfAnotherMake(Exception e) =>
        e is OperationInterruptedException { ShutdownReason: { ReplyCode: Constants.PreconditionFailed } reason } && reason.ReplyText.Contains("inequivalent", StringComparison.Ordinal);

    static Dictionary<string, object?> RequestArguments(string queue, DeadLetterKind kind) => kind == DeadLetterKind.Kept ? SharedArguments(queue, kind) : RepeatedArguments(queue);

    /// <summary>For what its sender says again: a queue in memory takes half the time of one that flushes each message to the disk.</summary>
    static Dictionary<string, object?> RepeatedArguments(string queue) => new(StringComparer.Ordinal)
    {
        ["x-max-length"] = MostWaitingForOne,
        ["x-dead-letter-exchange"] = DeadLetterExchange,
        ["x-dead-letter-routing-key"] = DeadLetterKey(queue, DeadLetterKind.Hint),
    };

    static Dictionary<string, object?> SharedArguments(string queue, DeadLetterKind kind) => new(StringComparer.Ordinal)
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = DeliveryLimit,
        ["x-dead-letter-exchange"] = DeadLetterExchange,
        ["x-dead-letter-routing-key"] = DeadLetterKey(queue, kind),
    };
}
