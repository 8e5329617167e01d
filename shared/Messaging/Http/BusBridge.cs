using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;

namespace Holoflow.Messaging.Http;

/// <summary>
/// The server's end of the bridge by which agents in other processes reach a bus in memory. It knows no web framework:
/// an API maps its routes onto it.
/// </summary>
/// <remarks>
/// <c>POST {prefix}/requests/{message}</c> answers a request; <c>POST {prefix}/events/{message}</c> publishes;
/// <c>GET {prefix}/subscriptions/{id}?s=message|pattern|queue</c> streams one line an event, <c>message SP json LF</c>, and an
/// empty line at least every <see cref="Heartbeat"/>; <c>PUT {prefix}/subscriptions/{id}/ready/{message}?value=true</c> tells whether the subscriber takes more.
/// </remarks>
public sealed class BusBridge(IMessageBus bus, TimeProvider time)
{
    /// <summary>The longest silence on a stream of events.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<(Guid Subscriber, string Message), bool> _notReady = new();

    /// <summary>Carries out the request in <paramref name="body"/> and writes its answer.</summary>
    /// <returns>False where no such request may cross the bridge.</returns>
    /// <exception cref="System.Text.Json.JsonException">The body is not such a message.</exception>
    /// <exception cref="TimeoutException">The service behind did not answer.</exception>
    /// <exception cref="MessagingException">The service behind failed.</exception>
    public async Task<bool> Request(string message, Stream body, Stream answer, CancellationToken cancellation)
    {
        if (!BridgedMessages.Requests.TryGetValue(message, out var carryOut))
            return false;
        await carryOut(bus, body, answer, cancellation);
        return true;
    }

    /// <summary>Publishes the event in <paramref name="body"/>.</summary>
    /// <returns>False where no such event may cross the bridge.</returns>
    /// <exception cref="System.Text.Json.JsonException">The body is not such a message.</exception>
    public async Task<bool> Publish(string message, Stream body, CancellationToken cancellation)
    {
        if (!BridgedMessages.FromAgent.TryGetValue(message, out var publish))
            return false;
        await publish(bus, body, cancellation);
        return true;
    }

    /// <summary>Notes whether a subscriber takes more events of a kind; unknown subscribers are noted for nothing.</summary>
    public void SetReady(Guid subscriber, string message, bool ready)
    {
        if (ready)
            _notReady.TryRemove((subscriber, message), out _);
        else if (BridgedMessages.ToAgent.ContainsKey(message))
            _notReady[(subscriber, message)] = true;
    }

    /// <summary>Why <paramref name="subscriptions"/> cannot be had; null where they can.</summary>
    public static string? Check(IReadOnlyList<string> subscriptions)
    {
        if (subscriptions.Count is 0 or > 64)
            return "give 1 to 64 subscriptions, each s=message|pattern|queue";
        foreach (var text in subscriptions)
        {
            if (BridgeSubscription.Parse(text) is not { } subscription)
                return $"'{text}' is no subscription: message|pattern|queue";
            if (!BridgedMessages.ToAgent.ContainsKey(subscription.Message))
                return $"'{subscription.Message}' cannot be subscribed to here: one of {string.Join(", ", BridgedMessages.ToAgent.Keys)}";
        }

        return null;
    }

    /// <summary>Streams events to one subscriber until it goes away.</summary>
    public async Task Stream(Guid subscriber, IReadOnlyList<string> subscriptions, Stream output, CancellationToken cancellation)
    {
        var lines = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(256) { SingleReader = true });
        var open = new List<IAsyncDisposable>();
        try
        {
            foreach (var text in subscriptions)
                open.Add(Open(subscriber, BridgeSubscription.Parse(text) ?? throw new FormatException($"'{text}' is no subscription"), lines.Writer));
            await Write(lines.Reader, output, cancellation);
        }
        finally
        {
            lines.Writer.TryComplete();
            foreach (var subscription in open)
                await subscription.DisposeAsync();
            foreach (var message in BridgedMessages.ToAgent.Keys)
                _notReady.TryRemove((subscriber, message), out _);
        }
    }

    IAsyncDisposable Open(Guid subscriber, BridgeSubscription subscription, ChannelWriter<ReadOnlyMemory<byte>> lines)
    {
        var prefix = Encoding.UTF8.GetBytes(subscription.Message + " ");
        return BridgedMessages.ToAgent[subscription.Message](
            bus,
            new Subscription(subscription.Pattern, subscription.Queue) { Ready = () => !_notReady.ContainsKey((subscriber, subscription.Message)) },
            async (json, cancellation) =>
            {
                var line = new byte[prefix.Length + json.Length + 1];
                prefix.CopyTo(line, 0);
                json.CopyTo(line.AsMemory(prefix.Length));
                line[^1] = (byte)'\n';
                await lines.WriteAsync(line, cancellation);
            });
    }

    async Task Write(ChannelReader<ReadOnlyMemory<byte>> lines, Stream output, CancellationToken cancellation)
    {
        // The first line is empty: the subscriber then knows that its subscriptions are in place.
        await output.WriteAsync("\n"u8.ToArray(), cancellation);
        await output.FlushAsync(cancellation);
        while (true)
        {
            try
            {
                if (!await lines.WaitToReadAsync(cancellation).AsTask().WaitAsync(Heartbeat, time, cancellation))
                    return;
                while (lines.TryRead(out var line))
                    await output.WriteAsync(line, cancellation);
            }
            catch (TimeoutException)
            {
                await output.WriteAsync("\n"u8.ToArray(), cancellation);
            }

            await output.FlushAsync(cancellation);
        }
    }
}

/// <summary>One subscription as it stands in a URL: <c>message|pattern|queue</c>, the queue empty for one of its own.</summary>
sealed record BridgeSubscription(string Message, string Pattern, string? Queue)
{
    public override string ToString() => $"{Message}|{Pattern}|{Queue}";

    public static BridgeSubscription? Parse(string text) =>
        text.Split('|') is [{ Length: > 0 } message, { Length: > 0 } pattern, var queue] ? new(message, pattern, queue.Length == 0 ? null : queue) : null;
}
