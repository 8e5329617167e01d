using MassTransit;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>What is to be consumed through the library, on whatever connection there is.</summary>
/// <param name="queue">The queue.</param>
/// <param name="configure">Sets it up.</param>
/// <param name="end">Ends it where it stands now.</param>
sealed class BusEndpoint(string queue, Action<IRabbitMqReceiveEndpointConfigurator> configure, Func<BusEndpoint, ValueTask> end) : ISubscription
{
    readonly TaskCompletionSource _established = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Established => _established.Task;

    public string Queue => queue;

    public void Configure(IRabbitMqReceiveEndpointConfigurator receive) => configure(receive);

    public void Stands() => _established.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await end(this);
        _established.TrySetCanceled(CancellationToken.None);
    }
}
