using Holoflow.Hosting;
using Holoflow.LogIngest;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;

return await ServiceHost.Run("log-ingest", settings =>
{
    var database = settings.Database();
    var broker = settings.Broker("log-ingest");
    return async service =>
    {
        await using var writer = new DatabaseWriter(Database.At(database.AbsoluteUri));
        await writer.Database.Upgrade(service.Stopping);
        await using var bus = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker, DeclaresRequestQueues = false, ConnectionName = "holoflow-log-ingest" }, service.Log.EventFailed, service.Stopping);
        await using var logs = new LogIngestService(bus, writer, new LogIngestOptions(), TimeProvider.System);
        await logs.StartAsync(service.Stopping);
        await service.UntilStopped();
    };
});
