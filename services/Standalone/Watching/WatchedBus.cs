using Holoflow.Contracts;
using Holoflow.Messaging;

namespace Holoflow.Standalone.Watching;

/// <summary>
/// The bus as the agent of this process uses it: what the agent tells of a watched run is shown as soon as it is stored,
/// with no database or network in between.
/// </summary>
/// <param name="inner">The bus that carries the messages.</param>
/// <param name="watch">The watched run.</param>
public sealed class WatchedBus(IMessageBus inner, RunWatch watch) : IMessageBus
{
    public ValueTask Publish<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : class, IRouted => inner.Publish(message, cancellation);

    public async ValueTask<TAnswer> Request<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation = default)
        where TAnswer : class
    {
        var answer = await inner.Request(request, cancellation);
        if (answer is CommandAnswered { Outcome: CommandOutcome.Accepted or CommandOutcome.Ignored })
            watch.Stored(request);
        return answer;
    }

    public IAsyncDisposable Handle<TRequest, TAnswer>(Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class => inner.Handle(handler);

    public ISubscription Subscribe<TEvent>(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : class, IRouted => inner.Subscribe(subscription, handler);
}
