using System.Collections.Concurrent;
using Holoflow.Contracts;
using Holoflow.Messaging;

namespace Holoflow.Stack.Tests;

/// <summary>
/// A real bus on a bad day: messages are sent twice, held back so that later ones overtake them, and sent while the sender is told that they were
/// not; and every event is given to its handler twice. Nothing is lost here: that is another test's matter.
/// </summary>
sealed class HostileBus(IMessageBus inner, int seed) : IMessageBus
{
    static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(400);

    readonly Lock _lock = new();
    readonly Random _random = new(seed);
    int _harmed;

    /// <summary>How many messages something was done to.</summary>
    public int Harmed => _harmed;

    /// <summary>The events that a handler was given twice.</summary>
    public ConcurrentDictionary<string, bool> GivenTwice { get; } = new(StringComparer.Ordinal);

    public async ValueTask Publish<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : class, IRouted
    {
        switch (Pick())
        {
            case Harm.Twice:
                await inner.Publish(message, cancellation);
                break;
            case Harm.Late:
                await Pause(cancellation);
                break;
            case Harm.DeniedAfterwards:
                await inner.Publish(message, cancellation);
                throw new MessagingException("the broker did not confirm what it has");
        }

        await inner.Publish(message, cancellation);
    }

    public async ValueTask<TAnswer> Request<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation = default)
        where TAnswer : class
    {
        switch (Pick())
        {
            case Harm.Twice:
                _ = await inner.Request(request, cancellation);
                break;
            case Harm.Late:
                // The asker gives up, and the request arrives all the same, when another one has been sent.
                _ = Afterwards(request, cancellation);
                throw new TimeoutException("no answer in time");
            case Harm.DeniedAfterwards:
                _ = await inner.Request(request, cancellation);
                throw new TimeoutException("the answer was lost");
        }

        return await inner.Request(request, cancellation);
    }

    public IAsyncDisposable Handle<TRequest, TAnswer>(Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class => inner.Handle(handler);

    public ISubscription Subscribe<TEvent>(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : class, IRouted => inner.Subscribe<TEvent>(subscription, async (message, cancellation) =>
        {
            await handler(message, cancellation);
            await handler(message, cancellation);
            GivenTwice.TryAdd(typeof(TEvent).Name, true);
        });

    async Task Afterwards<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation)
        where TAnswer : class
    {
        try
        {
            await Pause(cancellation);
            _ = await inner.Request(request, cancellation);
        }
        catch (Exception e) when (e is MessagingException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody waits for it.
        }
    }

    async Task Pause(CancellationToken cancellation)
    {
        double part;
        lock (_lock)
            part = _random.NextDouble();
        await Task.Delay(LongestDelay * part, cancellation);
    }

    Harm Pick()
    {
        int die;
        lock (_lock)
            die = _random.Next(10);
        var harm = die < 3 ? (Harm)(die + 1) : Harm.None;
        if (harm != Harm.None)
            Interlocked.Increment(ref _harmed);
        return harm;
    }

    enum Harm
    {
        None,
        Twice,
        Late,
        DeniedAfterwards,
    }
}
