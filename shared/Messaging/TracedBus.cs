using System.Diagnostics;
using System.Diagnostics.Metrics;
using Holoflow.Contracts;

namespace Holoflow.Messaging;

/// <summary>A bus that records, for those who listen, each message of a run in the run's trace, and how long every message took.</summary>
public sealed class TracedBus(IMessageBus bus) : IMessageBus
{
    static readonly Meter Meter = new("Holoflow");
    static readonly Histogram<double> Sent = Meter.CreateHistogram<double>("holoflow.message.sent", "s", "From a message given to the transport to its acceptance, or to its answer");
    static readonly Histogram<double> Handled = Meter.CreateHistogram<double>("holoflow.message.handled", "s", "How long a message's handler took");

    public ValueTask Publish<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : class, IRouted =>
        new(Record(message, "publish", ActivityKind.Producer, Sent, async () =>
        {
            await bus.Publish(message, cancellation);
            return true;
        }));

    public ValueTask<TAnswer> Request<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation = default)
        where TAnswer : class =>
        new(Record(request, "request", ActivityKind.Client, Sent, () => bus.Request(request, cancellation).AsTask()));

    public IAsyncDisposable Handle<TRequest, TAnswer>(Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class =>
        bus.Handle<TRequest, TAnswer>((request, cancellation) => new ValueTask<TAnswer>(Record(request, "handle", ActivityKind.Server, Handled, () => handler(request, cancellation).AsTask())));

    public ISubscription Subscribe<TEvent>(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : class, IRouted =>
        bus.Subscribe<TEvent>(subscription, (message, cancellation) => new ValueTask(Record(message, "receive", ActivityKind.Consumer, Handled, async () =>
        {
            await handler(message, cancellation);
            return true;
        })));

    public IDeadLetters? DeadLetters => bus.DeadLetters;

    static async Task<T> Record<T>(object message, string what, ActivityKind kind, Histogram<double> duration, Func<Task<T>> carry)
    {
        var name = MessageName.Of(message.GetType());
        using var span = message is IOfRun run ? RunTrace.Start($"{what} {name}", run.RunId, kind) : null;
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await carry();
        }
        catch (Exception e)
        {
            _ = span?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            if (duration.Enabled)
                duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("message", name));
        }
    }
}
