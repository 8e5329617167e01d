using System.Collections.Concurrent;
using RabbitMQ.Client;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// One channel's life as a consumer. Everything that is said to the broker is said by one loop, which compares what is wanted with what
/// is; a channel, a queue or a consumer that is lost ends the session, and its owner begins another.
/// </summary>
sealed class ConsumerSession : AsyncDefaultBasicConsumer
{
    /// <summary>Between two looks at whether the queue is still there.</summary>
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    /// <summary>From a word to the broker to giving the session up.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly Consumption _consumption;
    readonly Signal _wake;
    readonly ConcurrentQueue<(ulong Delivery, Settlement Settlement)> _settled = new();
    readonly ConcurrentQueue<ulong> _unwanted = new();
    string _queue = "";
    string? _consumerTag;
    int _running;
    volatile bool _withdrawn;

    public ConsumerSession(IChannel channel, Consumption consumption, Signal wake)
        : base(channel)
    {
        (_consumption, _wake) = (consumption, wake);
        channel.ChannelShutdownAsync += (_, _) =>
        {
            wake.Pulse();
            return Task.CompletedTask;
        };
    }

    /// <summary>Consumes until the session is lost, or until <paramref name="stopping"/>; then what was taken is finished.</summary>
    /// <param name="inPlace">Called when the consumer stands as it is wanted.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task Run(Action inPlace, CancellationToken stopping)
    {
        await Say(c => Channel.BasicQosAsync(0, checked((ushort)_consumption.Limit), global: false, c));
        await Say(async c => _queue = await _consumption.Declare(Channel, c));
        while (Channel.IsOpen && !_withdrawn)
        {
            var isWanted = !stopping.IsCancellationRequested && _consumption.Ready?.Invoke() != false;
            await Settle();
            await Reconcile(isWanted);
            await ReturnUnwanted();
            inPlace();
            if (stopping.IsCancellationRequested && Volatile.Read(ref _running) == 0 && _settled.IsEmpty)
                return;
            if (!await _wake.Wait(Tick, CancellationToken.None))
                await Say(c => Channel.QueueDeclarePassiveAsync(_queue, c));
        }
    }

    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        if (_consumption.Ready?.Invoke() == false)
        {
            _unwanted.Enqueue(deliveryTag);
            _wake.Pulse();
        }
        else
        {
            Interlocked.Increment(ref _running);
            _ = Handle(deliveryTag, new Delivered(body, properties.ReplyTo, properties.CorrelationId, properties.UserId));
        }

        return Task.CompletedTask;
    }

    /// <summary>The broker ends the consumer: its queue was deleted, or lost its leader.</summary>
    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        _withdrawn = true;
        _wake.Pulse();
        return Task.CompletedTask;
    }

    async Task Handle(ulong delivery, Delivered message)
    {
        var settlement = Settlement.GiveBack;
        try
        {
            settlement = await _consumption.Handle(message);
        }
        finally
        {
            _settled.Enqueue((delivery, settlement));
            Interlocked.Decrement(ref _running);
            _wake.Pulse();
        }
    }

    async Task Settle()
    {
        while (_settled.TryDequeue(out var done))
        {
            await Say(c => done.Settlement == Settlement.Done
                ? Channel.BasicAckAsync(done.Delivery, multiple: false, c).AsTask()
                : Channel.BasicNackAsync(done.Delivery, multiple: false, requeue: done.Settlement == Settlement.GiveBack, c).AsTask());
        }
    }

    async Task Reconcile(bool isWanted)
    {
        if (isWanted && _consumerTag is null)
        {
            await Say(async c => _consumerTag = await Channel.BasicConsumeAsync(_queue, autoAck: false, consumerTag: "", noLocal: false, exclusive: false, arguments: null, this, c));
        }
        else if (!isWanted && _consumerTag is { } tag)
        {
            await Say(c => Channel.BasicCancelAsync(tag, noWait: false, c));
            _consumerTag = null;
        }
    }

    // After the cancellation: what is given back before it would come straight back.
    async Task ReturnUnwanted()
    {
        while (_unwanted.TryDequeue(out var delivery))
            await Say(c => Channel.BasicNackAsync(delivery, multiple: false, requeue: true, c).AsTask());
    }

    static async Task Say(Func<CancellationToken, Task> word)
    {
        using var limit = new CancellationTokenSource(Patience);
        await word(limit.Token).WaitAsync(Patience * 1.5);
    }
}
