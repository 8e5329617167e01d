using Holoflow.Hosting;
using Holoflow.LogIngest;
using Holoflow.Messaging;
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
        service.Health.Add("database", writer.Database.WhyNotReady);
        await using var connection = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker, DeclaresRequestQueues = false, ConnectionName = "holoflow-log-ingest" }, service.Log.EventFailed, service.Stopping);
        service.Health.Add("broker", _ => ValueTask.FromResult(connection.WhyNotReady()));
        var bus = new TracedBus(connection);
        await using var logs = new LogIngestService(bus, writer, new LogIngestOptions(), TimeProvider.System);
        await logs.StartAsync(service.Stopping);
        await service.UntilStopped();
    };
});
