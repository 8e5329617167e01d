using Holoflow.Contracts;
using MassTransit;
using MassTransit.Middleware;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>Requests and their answers.</summary>
sealed class BrokerRequests(ControlPlane control, DeadLetterSender deadLetters, RabbitMqOptions options)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>An answer goes with its asker, who asks again.</summary>
    static readonly IPipe<SendContext<WireMessage>> Forgotten = Pipe.Execute<SendContext<WireMessage>>(send => send.Durable = false);

    public async ValueTask<TAnswer> Request<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation)
        where TAnswer : class
    {
        var type = request.GetType();
        var queue = WireTopology.RequestQueue(type);
        BusGeneration? generation = null;
        try
        {
            generation = await control.Present(cancellation);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, generation.Lost);
            var client = generation.Client(await generation.Outlet(queue, "fanout"));

            // The library's own time-out starts when the broker has confirmed the request; a broker that dies before that confirms nothing.
            var response = await client.GetResponse<WireMessage>(WireMessage.Of(request), context => Address(context, type), ending.Token).WaitAsync(options.RequestTimeout, ending.Token);
            return response.Message.Read<TAnswer>();
        }
        catch (Exception e) when (e is RequestTimeoutException or TimeoutException)
        {
            generation?.ForgetOutlet(queue);
            throw new TimeoutException($"no answer to '{MessageName.Of(type)}' within {options.RequestTimeout.TotalSeconds:0.#} s", e);
        }
        catch (RequestFaultException e)
        {
            throw new MessagingException($"the handler of '{MessageName.Of(type)}' failed: {e.Fault?.Exceptions?.FirstOrDefault()?.Message ?? e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new MessagingException($"the connection to the broker was lost before '{MessageName.Of(type)}' was answered", e);
        }
        catch (RequestException e)
        {
            throw new MessagingException($"'{MessageName.Of(type)}' was not accepted by the broker: {e.InnerException?.Message ?? e.Message}", e);
        }
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
            receive.Handler<WireMessage>(async context => await context.RespondAsync(WireMessage.Of(await Carry(context, handler)), Forgotten));
        });
    }

    // What is kept is carried out even where nobody waits for its answer any more; the rest is repeated by its asker.
    static void Address(IRequestPipeConfigurator<WireMessage> context, Type type)
    {
        if (MessageName.Pinned(type).Kept)
            context.UseExecute(send => send.TimeToLive = null);
        else
            context.UseExecute(send => send.Durable = false);
    }

    // A message that came while the database was away is held until it is back: it must not count as one that fails.
    async Task<TAnswer> Carry<TRequest, TAnswer>(ConsumeContext<WireMessage> context, Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class
    {
        var request = context.Message.Read<TRequest>();
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
