using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Holoflow.Contracts;

namespace Holoflow.Messaging.Http;

/// <summary>
/// The agent's end of the bridge to a standalone server. Requests go out one by one; events come in on one stream that is
/// opened again, with growing pauses, for as long as the client lives.
/// </summary>
/// <param name="http">Its base address is the API's, ending in <c>/api/</c>; its time-out must be infinite.</param>
/// <param name="time">The clock.</param>
/// <param name="onFault">Told of handlers that threw and of a stream that broke.</param>
/// <param name="requestTimeout">From a request sent to its answer; null: 30 seconds.</param>
public sealed class HttpBusClient(HttpClient http, TimeProvider time, Action<Exception, object>? onFault = null, TimeSpan? requestTimeout = null) : IMessageBus, IAsyncDisposable
{
    readonly TimeSpan _requestTimeout = requestTimeout ?? TimeSpan.FromSeconds(30);
    readonly ConcurrentDictionary<Guid, IRemoteSubscription> _subscriptions = new();

    public async ValueTask Publish<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : class, IRouted
    {
        using var response = await Post($"bus/events/{MessageName.Of<TEvent>()}", JsonSerializer.SerializeToUtf8Bytes(message, MessageFormat.Of<TEvent>()), cancellation);
        foreach (var subscription in _subscriptions.Values)
            await subscription.TellReady(cancellation);
    }

    public async ValueTask<TAnswer> Request<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation = default)
        where TAnswer : class
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, MessageFormat.Default.GetTypeInfo(request.GetType())!);
        using var response = await Post($"bus/requests/{MessageName.Of(request.GetType())}", body, cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        return await JsonSerializer.DeserializeAsync(stream, MessageFormat.Of<TAnswer>(), cancellation)
            ?? throw new MessagingException($"the answer to '{MessageName.Of(request.GetType())}' was null");
    }

    public IAsyncDisposable Handle<TRequest, TAnswer>(Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class =>
        throw new NotSupportedException("requests are answered in the server's process, not across the bridge");

    public ISubscription Subscribe<TEvent>(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : class, IRouted
    {
        var remote = new RemoteSubscription<TEvent>(http, time, onFault, subscription, handler, forget: id => _subscriptions.TryRemove(id, out _));
        _subscriptions[remote.Id] = remote;
        return remote;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var subscription in _subscriptions.Values)
            await subscription.DisposeAsync();
    }

    async Task<HttpResponseMessage> Post(string path, byte[] json, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_requestTimeout);
        try
        {
            using var content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            var response = await http.PostAsync(path, content, timeout.Token);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw new MessagingException($"{http.BaseAddress}{path} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(timeout.Token)}");
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{http.BaseAddress}{path} did not answer within {_requestTimeout.TotalSeconds:0.#} s", e);
        }
        catch (HttpRequestException e)
        {
            throw new MessagingException($"{http.BaseAddress}{path} cannot be reached: {e.Message}", e);
        }
    }
}
