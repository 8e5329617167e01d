using MassTransit;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>What is to be consumed through the library, on whatever connection there is.</summary>
/// <param name="queue">The shared queue; null: one of its own on each connection, whose name begins with <paramref name="prefix"/>.</param>
/// <param name="prefix">What a queue of its own is named after.</param>
/// <param name="configure">Sets it up.</param>
/// <param name="end">Ends it where it stands now.</param>
sealed class BusEndpoint(string? queue, string prefix, Action<IRabbitMqReceiveEndpointConfigurator> configure, Func<BusEndpoint, ValueTask> end) : ISubscription
{
    readonly TaskCompletionSource _established = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Established => _established.Task;

    public string NewQueueName() => queue ?? $"{prefix}.{Guid.CreateVersion7():N}";

    public void Configure(IRabbitMqReceiveEndpointConfigurator receive) => configure(receive);

    public void Stands() => _established.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await end(this);
        _established.TrySetCanceled(CancellationToken.None);
    }
}
