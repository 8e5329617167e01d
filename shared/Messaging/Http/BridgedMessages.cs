using System.Text.Json;
using Holoflow.Contracts;

namespace Holoflow.Messaging.Http;

/// <summary>
/// The messages that may cross the bridge between an agent and a standalone server: what an agent needs and nothing else.
/// </summary>
static class BridgedMessages
{
    public delegate Task AnswerRequest(IMessageBus bus, Stream body, Stream answer, CancellationToken cancellation);

    public delegate Task PublishEvent(IMessageBus bus, Stream body, CancellationToken cancellation);

    public delegate IAsyncDisposable SubscribeToEvent(IMessageBus bus, Subscription subscription, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> deliver);

    public static readonly IReadOnlyDictionary<string, AnswerRequest> Requests = new Dictionary<string, AnswerRequest>(StringComparer.Ordinal)
    {
        [MessageName.Of<ClaimRun>()] = Answer<ClaimRun, ClaimAnswered>,
        [MessageName.Of<RenewLeases>()] = Answer<RenewLeases, LeasesRenewed>,
        [MessageName.Of<ReportRun>()] = Answer<ReportRun, CommandAnswered>,
        [MessageName.Of<ReportTasks>()] = Answer<ReportTasks, CommandAnswered>,
        [MessageName.Of<LogChunk>()] = Answer<LogChunk, CommandAnswered>,
    };

    public static readonly IReadOnlyDictionary<string, PublishEvent> FromAgent = new Dictionary<string, PublishEvent>(StringComparer.Ordinal)
    {
        [MessageName.Of<AgentCapacityChanged>()] = Publish<AgentCapacityChanged>,
    };

    public static readonly IReadOnlyDictionary<string, SubscribeToEvent> ToAgent = new Dictionary<string, SubscribeToEvent>(StringComparer.Ordinal)
    {
        [MessageName.Of<RunOffered>()] = Subscribe<RunOffered>,
        [MessageName.Of<RunControl>()] = Subscribe<RunControl>,
    };

    static async Task Answer<TRequest, TAnswer>(IMessageBus bus, Stream body, Stream answer, CancellationToken cancellation)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class
    {
        var request = await JsonSerializer.DeserializeAsync(body, MessageFormat.Of<TRequest>(), cancellation)
            ?? throw new JsonException($"'{MessageName.Of<TRequest>()}' must be an object, not null");
        await JsonSerializer.SerializeAsync(answer, await bus.Request(request, cancellation), MessageFormat.Of<TAnswer>(), cancellation);
    }

    static async Task Publish<TEvent>(IMessageBus bus, Stream body, CancellationToken cancellation)
        where TEvent : class, IRouted
    {
        var message = await JsonSerializer.DeserializeAsync(body, MessageFormat.Of<TEvent>(), cancellation)
            ?? throw new JsonException($"'{MessageName.Of<TEvent>()}' must be an object, not null");
        await bus.Publish(message, cancellation);
    }

    static IAsyncDisposable Subscribe<TEvent>(IMessageBus bus, Subscription subscription, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> deliver)
        where TEvent : class, IRouted =>
        bus.Subscribe<TEvent>(subscription, (message, cancellation) => deliver(JsonSerializer.SerializeToUtf8Bytes(message, MessageFormat.Of<TEvent>()), cancellation));
}
