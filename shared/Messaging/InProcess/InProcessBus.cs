using System.Collections.Concurrent;
using Holoflow.Contracts;

namespace Holoflow.Messaging.InProcess;

/// <summary>
/// The bus of the embedded mode: requests are calls, events go through queues in memory. It promises no more than a
/// broker does, so that what works here works there.
/// </summary>
/// <param name="onFault">Told of events whose handler threw; such an event is gone, as any message may be.</param>
/// <param name="requestTimeout">From a request sent to its answer; null: 30 seconds.</param>
public sealed class InProcessBus(Action<Exception, object>? onFault = null, TimeSpan? requestTimeout = null) : IMessageBus
{
    readonly TimeSpan _requestTimeout = requestTimeout ?? TimeSpan.FromSeconds(30);
    readonly ConcurrentDictionary<Type, object> _requests = new();
    readonly ConcurrentDictionary<Type, object> _topics = new();

    public ValueTask Publish<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : class, IRouted
    {
        cancellation.ThrowIfCancellationRequested();
        if (_topics.TryGetValue(typeof(TEvent), out var topic))
            ((EventTopic<TEvent>)topic).Publish(message);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<TAnswer> Request<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation = default)
        where TAnswer : class
    {
        var route = (RequestRoute<TAnswer>)_requests.GetOrAdd(request.GetType(), _ => new RequestRoute<TAnswer>());
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_requestTimeout);
        try
        {
            var handler = await route.Next(timeout.Token);
            return await handler(request, timeout.Token).AsTask().WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer to '{MessageName.Of(request.GetType())}' within {_requestTimeout.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is not OperationCanceledException and not MessagingException)
        {
            throw new MessagingException($"the handler of '{MessageName.Of(request.GetType())}' failed: {e.Message}", e);
        }
    }

    public IAsyncDisposable Handle<TRequest, TAnswer>(Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class
    {
        var route = (RequestRoute<TAnswer>)_requests.GetOrAdd(typeof(TRequest), _ => new RequestRoute<TAnswer>());
        return route.Add((request, cancellation) => handler((TRequest)request, cancellation));
    }

    public ISubscription Subscribe<TEvent>(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : class, IRouted
    {
        var topic = (EventTopic<TEvent>)_topics.GetOrAdd(typeof(TEvent), _ => new EventTopic<TEvent>(onFault));
        return topic.Subscribe(subscription, handler);
    }
}
