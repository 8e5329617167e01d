using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using Holoflow.Contracts;
using MassTransit;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>Publishes events. Those of a kind with one routing key that come while others are under way travel in one message; what expires travels alone.</summary>
sealed class BrokerEvents(ControlPlane control, RabbitMqOptions options)
{
    /// <summary>An event that is not confirmed holds up those behind it no longer.</summary>
    static readonly TimeSpan BundlePatience = TimeSpan.FromMilliseconds(2);

    readonly ConcurrentDictionary<Type, Bundler<KeyedEvent, bool>> _bundlers = new();

    /// <summary>Returns when the broker has it.</summary>
    /// <exception cref="MessagingException">The broker did not take it.</exception>
    public async Task Publish<TEvent>(TEvent message, CancellationToken cancellation)
        where TEvent : class, IRouted
    {
        var body = WireMessage.BodyOf(message);
        if (message is IExpiring { ExpiresAt: var end })
        {
            var left = TimeSpan.FromMilliseconds(Math.Clamp((end - options.Time.GetUtcNow()).TotalMilliseconds, 1, TimeSpan.FromDays(1).TotalMilliseconds));
            await Send(typeof(TEvent), message.RoutingKey, [body], left).WaitAsync(cancellation);
            return;
        }

        var bundler = _bundlers.GetOrAdd(typeof(TEvent), type => new Bundler<KeyedEvent, bool>(
            events => SendByKey(type, events), e => JsonMarshal.GetRawUtf8Value(e.Body).Length, BundlePatience, options.Time));
        await bundler.Send(new KeyedEvent(message.RoutingKey, body)).WaitAsync(cancellation);
    }

    async Task<IReadOnlyList<bool>> SendByKey(Type type, IReadOnlyList<KeyedEvent> events)
    {
        await Task.WhenAll(events.GroupBy(e => e.RoutingKey, StringComparer.Ordinal).Select(g => Send(type, g.Key, [.. g.Select(e => e.Body)], null)));
        return [.. events.Select(_ => true)];
    }

    async Task Send(Type type, string routingKey, IReadOnlyList<JsonElement> bodies, TimeSpan? timeToLive)
    {
        try
        {
            var generation = await control.Present(CancellationToken.None);
            var exchange = await generation.Endpoint(await generation.Outlet(MessageName.Pinned(type).Address, "topic"));
            await exchange.Send(
                WireMessage.Of(type, bodies),
                context =>
                {
                    context.SetRoutingKey(routingKey);
                    // What must outlive the broker lies in queues that keep everything; the others go with their subscriber.
                    context.Durable = false;
                    context.TimeToLive = timeToLive;
                },
                generation.Lost).WaitAsync(options.RequestTimeout, generation.Lost);
        }
        catch (TimeoutException e)
        {
            throw new MessagingException($"'{MessageName.Of(type)}' was not confirmed by the broker within {options.RequestTimeout.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is not MessagingException)
        {
            // Where a connection ends under it the library throws what it will, disposed semaphores among it: who publishes would not expect that.
            throw new MessagingException($"'{MessageName.Of(type)}' was not accepted by the broker: {e.Message}", e);
        }
    }

    readonly record struct KeyedEvent(string RoutingKey, JsonElement Body);
}
