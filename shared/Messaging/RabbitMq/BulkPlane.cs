using System.Text.Json;
using Holoflow.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// What is too much for requests: published with confirms in a window, spread over shards by what must stay in order, each shard a durable queue
/// with one consumer at a time. Of one sender only so much is on its way as is being stored, and a full shard refuses, so that what cannot be
/// stored yet waits where it was written.
/// </summary>
sealed class BulkPlane(BrokerConnection connection, string user, RabbitMqOptions options, Action<Exception, object> onFault, Func<Consumption, QueueConsumer> consume) : IAsyncDisposable
{
    /// <summary>How many publishes may wait for their confirmation.</summary>
    const int Window = 64;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    readonly SemaphoreSlim _opening = new(1);
    readonly BulkCredit _credit = new(options.BulkCredit, options.BulkPatience, options.Time);
    readonly BulkAnswers _answers = new(connection);
    readonly string _listening = $"{WireTopology.BulkAnswers(user)}.{Guid.CreateVersion7():N}";
    IChannel? _channel;

    /// <summary>Returns when the broker has it on disk; waits first while too much of its sender is on its way.</summary>
    /// <exception cref="MessagingException">The broker did not take it.</exception>
    /// <exception cref="TimeoutException">It did not confirm it; it may have it.</exception>
    public async Task Send<T>(T message, CancellationToken cancellation)
        where T : class, IBulk
    {
        var ticket = await _credit.Take(message.ShardedBy, cancellation);
        var body = JsonSerializer.SerializeToUtf8Bytes(message, MessageFormat.Of<T>());
        var pinned = MessageName.Pinned(typeof(T));
        var properties = new BasicProperties
        {
            Type = pinned.Name,
            ContentType = "application/json",
            Persistent = true,
            MessageId = Guid.CreateVersion7().ToString(),
            UserId = user,
            ReplyTo = _listening,
            CorrelationId = ticket,
            Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["schema-version"] = pinned.SchemaVersion },
        };
        try
        {
            var channel = await Channel(cancellation);
            await channel.BasicPublishAsync(pinned.Address, WireTopology.Shard(message.ShardedBy), mandatory: true, properties, body, cancellation).AsTask()
                .WaitAsync(options.RequestTimeout, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"'{pinned.Name}' was not confirmed by the broker within {options.RequestTimeout.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is RabbitMQClientException or ObjectDisposedException or IOException)
        {
            _credit.Forget(ticket);
            throw new MessagingException($"'{pinned.Name}' was not accepted by the broker: {e.Message}", e);
        }
    }

    /// <summary>Consumes all shards; of several processes each shard has one at a time, and goes to another when that is gone.</summary>
    public IAsyncDisposable Handle<T>(Func<T, CancellationToken, Task> handler)
        where T : class, IBulk
    {
        var address = MessageName.AddressOf<T>();
        var ending = new CancellationTokenSource();
        var shards = Enumerable.Range(0, WireTopology.Shards).Select(shard => consume(new Consumption(
            WireTopology.ShardQueue(address, shard),
            options.BulkPrefetch,
            async (channel, cancellation) =>
            {
                await WireTopology.DeclareShard(channel, address, shard, cancellation);
                return WireTopology.ShardQueue(address, shard);
            },
            message => Carry(message, handler, ending.Token)))).ToArray();
        return new Shards(shards, ending);
    }

    public async ValueTask DisposeAsync()
    {
        await _answers.DisposeAsync();
        _opening.Dispose();
        if (_channel is { } channel)
            await channel.DisposeAsync();
    }

    async Task<IChannel> Channel(CancellationToken cancellation)
    {
        if (_channel is { IsOpen: true } open)
            return open;
        await _opening.WaitAsync(options.RequestTimeout, cancellation);
        try
        {
            if (_channel is { IsOpen: true } opened)
                return opened;
            var window = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, new ThrottlingRateLimiter(Window));
            var made = await connection.OpenChannel(window, cancellation);
            try
            {
                await Listen(made, cancellation).WaitAsync(options.RequestTimeout, cancellation);
            }
            catch
            {
                await made.DisposeAsync();
                throw;
            }

            return _channel = made;
        }
        finally
        {
            _opening.Release();
        }
    }

    async Task Listen(IChannel channel, CancellationToken cancellation)
    {
        channel.ChannelShutdownAsync += (_, _) =>
        {
            _credit.Forget();
            return Task.CompletedTask;
        };
        await WireTopology.DeclareBulkAnswers(channel, WireTopology.BulkAnswers(user), _listening, cancellation);
        _ = await channel.BasicConsumeAsync(_listening, autoAck: true, new BulkListener(channel, _credit), cancellation);
    }

    async Task<Settlement> Carry<T>(Delivered delivered, Func<T, CancellationToken, Task> handler, CancellationToken ending)
        where T : class
    {
        var settlement = await Settle(delivered.Body, handler, ending);
        if (settlement is not Settlement.GiveBack)
            await _answers.Tell(delivered);
        return settlement;
    }

    async Task<Settlement> Settle<T>(ReadOnlyMemory<byte> body, Func<T, CancellationToken, Task> handler, CancellationToken ending)
        where T : class
    {
        T? message;
        try
        {
            message = JsonSerializer.Deserialize(body.Span, MessageFormat.Of<T>()) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            onFault(e, MessageName.Of<T>());
            return Settlement.DeadLetter;
        }

        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await handler(message, ending);
                return Settlement.Done;
            }
            catch (Exception e) when (!ending.IsCancellationRequested && options.IsOutage?.Invoke(e) == true)
            {
                await Task.Delay(pause, options.Time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                if (ending.IsCancellationRequested)
                    return Settlement.GiveBack;
                onFault(e, MessageName.Of<T>());
                return Settlement.DeadLetter;
            }
        }
    }

    sealed class Shards(QueueConsumer[] consumers, CancellationTokenSource ending) : ISubscription
    {
        public Task Established => Task.WhenAll(consumers.Select(c => c.Established));

        public async ValueTask DisposeAsync()
        {
            await ending.CancelAsync();
            await Task.WhenAll(consumers.Select(c => c.DisposeAsync().AsTask()));
            ending.Dispose();
        }
    }
}
