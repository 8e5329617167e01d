using Holoflow.Hosting;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore;
using Microsoft.Extensions.Logging;

return await ServiceHost.Run("state-store", settings =>
{
    var database = settings.Database();
    var broker = settings.Broker("state-store");
    var options = new StateStoreOptions { LeaseDuration = TimeSpan.FromSeconds(settings.Number("HOLOFLOW_LEASE_SECONDS", 12, 3, 86_400)) };
    return async service =>
    {
        await using var writer = new DatabaseWriter(Database.At(database.AbsoluteUri));
        await writer.Database.Upgrade(service.Stopping);
        service.Health.Add("database", writer.Database.WhyNotReady);
        await using var connection = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker, ConnectionName = "holoflow-state-store", IsOutage = e => e is DatabaseException { Fault: DatabaseFault.Unreachable or DatabaseFault.Full } }, service.Log.EventFailed, service.Stopping);
        service.Health.Add("broker", _ => ValueTask.FromResult(connection.WhyNotReady()));
        var bus = new TracedBus(connection);
        await using var store = new StateStoreService(bus, writer, options, TimeProvider.System, service.Logs.CreateLogger<StateStoreService>());
        await store.StartAsync(service.Stopping);
        await service.UntilStopped();
    };
});
