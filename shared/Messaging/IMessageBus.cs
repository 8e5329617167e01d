using Holoflow.Contracts;

namespace Holoflow.Messaging;

/// <summary>
/// How services speak to each other. Every message may be lost, doubled, reordered or late without harm: receivers
/// decide by version, epoch and sequence. One compliance suite runs on every implementation.
/// </summary>
public interface IMessageBus
{
    /// <summary>Publishes an event to its topic exchange; returns when the transport has accepted it.</summary>
    ValueTask Publish<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : class, IRouted;

    /// <summary>
    /// Sends a request to its queue and waits for the answer.
    /// </summary>
    /// <exception cref="TimeoutException">No answer came in time; the request may or may not have been carried out.</exception>
    /// <exception cref="MessagingException">The transport or the handler failed; the message says which.</exception>
    ValueTask<TAnswer> Request<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation = default)
        where TAnswer : class;

    /// <summary>Handles every request of a type; several handlers of one queue, in one process or many, compete.</summary>
    IAsyncDisposable Handle<TRequest, TAnswer>(Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class;

    /// <summary>Receives events. Subscriptions with the same queue name compete for its messages; one without a name gets a copy of each.</summary>
    ISubscription Subscribe<TEvent>(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : class, IRouted;

    /// <summary>What could not be delivered; null where the transport keeps none, as one without a broker.</summary>
    IDeadLetters? DeadLetters => null;
}

/// <summary>A subscription that is being made, or stands; disposing of it ends it and waits for its handlers.</summary>
public interface ISubscription : IAsyncDisposable
{
    /// <summary>Completes when the transport has it in place: what is published from then on arrives.</summary>
    Task Established { get; }
}

/// <summary>What a subscription receives.</summary>
/// <param name="Pattern">A topic pattern: <c>*</c> one word, <c>#</c> any number of words. Of several, joined by commas, one must match.</param>
/// <param name="Queue">The shared queue's name; null: a queue of its own.</param>
/// <param name="Concurrency">How many handlers may run at a time.</param>
public sealed record Subscription(string Pattern, string? Queue = null, int Concurrency = 1)
{
    /// <summary>
    /// Asked before a message is taken: false leaves it to others (an agent without a free slot); where every consumer of the queue
    /// says false, the message is void. Null: always ready. Called under a lock: it only reads. A remote bus asks again after
    /// each event that its side publishes, as an agent does when its free slots change.
    /// </summary>
    public Func<bool>? Ready { get; init; }

    /// <summary>The patterns one by one.</summary>
    public IReadOnlyList<string> Patterns { get; } = Pattern.Split(',');
}

/// <summary>A transport or a handler failed.</summary>
public sealed class MessagingException : Exception
{
    public MessagingException(string message)
        : base(message)
    {
    }

    public MessagingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
