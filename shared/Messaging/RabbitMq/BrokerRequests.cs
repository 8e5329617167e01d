using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using Holoflow.Contracts;
using MassTransit;
using MassTransit.Middleware;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>Requests and their answers. Those of a kind that come while others are under way travel in one message, and so do their answers.</summary>
sealed class BrokerRequests(ControlPlane control, DeadLetterSender deadLetters, RabbitMqOptions options)
{
    /// <summary>A request that nobody answers holds up those behind it no longer: each must be in the broker's queue soon.</summary>
    static readonly TimeSpan BundlePatience = TimeSpan.FromMilliseconds(10);

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>An answer goes with its asker, who asks again.</summary>
    static readonly IPipe<SendContext<WireMessage>> Forgotten = Pipe.Execute<SendContext<WireMessage>>(send => send.Durable = false);

    readonly ConcurrentDictionary<Type, Bundler<JsonElement, BundledAnswer>> _bundlers = new();

    public async ValueTask<TAnswer> Request<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation)
        where TAnswer : class
    {
        var type = request.GetType();
        var bundler = _bundlers.GetOrAdd(type, t => new Bundler<JsonElement, BundledAnswer>(requests => Send(t, requests), body => JsonMarshal.GetRawUtf8Value(body).Length, BundlePatience, options.Time));
        var answer = await bundler.Send(WireMessage.BodyOf(request)).WaitAsync(cancellation);
        return answer.Message is { } message ? message.Read<TAnswer>() : throw Failed(type, answer.Fault);
    }

    public IAsyncDisposable Handle<TRequest, TAnswer>(Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class
    {
        var queue = WireTopology.RequestQueue(typeof(TRequest));
        return control.Want(queue, receive =>
        {
            WireTopology.Shared(receive, queue, options.Prefetch, WireTopology.KindOf(typeof(TRequest)));
            receive.ConfigureError(pipe =>
            {
                pipe.UseFilter(new GenerateFaultFilter());
                pipe.UseFilter(new DeadLetterFilter(deadLetters, queue));
            });
            receive.ConfigureDeadLetter(pipe => pipe.UseFilter(new UnknownMessageFilter(deadLetters, queue)));
            receive.Handler<WireMessage>(context => Respond(context, queue, handler));
        });
    }

    async Task<IReadOnlyList<BundledAnswer>> Send(Type type, IReadOnlyList<JsonElement> requests)
    {
        var queue = WireTopology.RequestQueue(type);
        BusGeneration? generation = null;
        try
        {
            generation = await control.Present(CancellationToken.None);
            var client = generation.Client(await generation.Outlet(queue, "fanout"));

            // The library's own time-out starts when the broker has confirmed the request; a broker that dies before that confirms nothing.
            var response = await client.GetResponse<WireMessage>(WireMessage.Of(type, requests), context => Address(context, type), generation.Lost).WaitAsync(options.RequestTimeout, generation.Lost);
            return response.Message.Answers(requests.Count);
        }
        catch (Exception e) when (e is RequestTimeoutException or TimeoutException)
        {
            generation?.ForgetOutlet(queue);
            throw new TimeoutException($"no answer to '{MessageName.Of(type)}' within {options.RequestTimeout.TotalSeconds:0.#} s", e);
        }
        catch (RequestFaultException e)
        {
            throw Failed(type, e.Fault?.Exceptions?.FirstOrDefault()?.Message ?? e.Message, e);
        }
        catch (OperationCanceledException e)
        {
            throw new MessagingException($"the connection to the broker was lost before '{MessageName.Of(type)}' was answered", e);
        }
        catch (RequestException e)
        {
            generation?.ForgetOutlet(queue);
            throw new MessagingException($"'{MessageName.Of(type)}' was not accepted by the broker: {e.InnerException?.Message ?? e.Message}", e);
        }
        catch (Exception e) when (e is not MessagingException)
        {
            // Where a connection ends under it the library throws what it will: who asks would not expect that.
            throw new MessagingException($"'{MessageName.Of(type)}' was not accepted by the broker: {e.Message}", e);
        }
    }

    static MessagingException Failed(Type type, string? fault, Exception? inner = null)
    {
        var message = $"the handler of '{MessageName.Of(type)}' failed: {fault}";
        return inner is null ? new MessagingException(message) : new MessagingException(message, inner);
    }

    async Task Respond<TRequest, TAnswer>(ConsumeContext<WireMessage> context, string queue, Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class
    {
        if (!context.Message.IsBundle)
        {
            await context.RespondAsync(WireMessage.Of(await Carry(context, context.Message.Read<TRequest>(), handler)), Forgotten);
            return;
        }

        var answers = await Task.WhenAll(context.Message.Each().Select(request => Answer(context, queue, request, handler)));
        await context.RespondAsync(WireMessage.OfAnswers(typeof(TAnswer), answers), Forgotten);
    }

    // One of a bundle that fails takes no other with it: it alone goes to the dead letters, as it would have come alone.
    async Task<BundledAnswer> Answer<TRequest, TAnswer>(ConsumeContext<WireMessage> context, string queue, WireMessage request, Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class
    {
        try
        {
            return new BundledAnswer(WireMessage.Of(await Carry(context, request.Read<TRequest>(), handler)), null);
        }
        catch (Exception e) when (!context.CancellationToken.IsCancellationRequested)
        {
            await deadLetters.Send(queue, request.InEnvelopeOf(context.ReceiveContext.Body.GetBytes()), e.Message, CancellationToken.None);
            return new BundledAnswer(null, e.Message);
        }
    }

    // What is kept is carried out even where nobody waits for its answer any more; the rest is repeated by its asker. A broker that lost its disk has
    // no queue until the service behind it is back: a request that it let fall would be waited for in vain.
    static void Address(IRequestPipeConfigurator<WireMessage> context, Type type) => context.UseExecute(send =>
    {
        if (MessageName.Pinned(type).Kept)
            send.TimeToLive = null;
        else
            send.Durable = false;
        if (send.TryGetPayload<RabbitMqSendContext>(out var broker))
            broker.Mandatory = true;
    });

    // A message that came while the database was away is held until it is back: it must not count as one that fails.
    async Task<TAnswer> Carry<TRequest, TAnswer>(ConsumeContext<WireMessage> context, TRequest request, Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await handler(request, context.CancellationToken);
            }
            catch (Exception e) when (options.IsOutage?.Invoke(e) == true && IsWaitedFor(context))
            {
                await Task.Delay(pause, context.CancellationToken);
            }
        }
    }

    bool IsWaitedFor(ConsumeContext context) => context.ExpirationTime is not { } end || options.Time.GetUtcNow().UtcDateTime < end;
}
