using Holoflow.Hosting;
using Holoflow.LogIngest;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Microsoft.Extensions.Logging;

return await ServiceHost.Run("log-ingest", settings =>
{
    var database = settings.Database();
    var broker = settings.Broker("log-ingest");
    var options = new LogIngestOptions
    {
        KeepDays = settings.Number("HOLOFLOW_LOG_KEEP_DAYS", 0, 0, 36_500) is > 0 and var days ? days : null,
        KeepBytes = settings.Number("HOLOFLOW_LOG_KEEP_GIB", 0, 0, 1_000_000) is > 0 and var size ? size * 1024L * 1024 * 1024 : null,
    };
    return async service =>
    {
        await using var writer = new DatabaseWriter(Database.At(database.AbsoluteUri));
        await writer.Database.Upgrade(service.Stopping);
        service.Health.Add("database", writer.Database.WhyNotReady);
        await using var connection = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker, DeclaresRequestQueues = false, ConnectionName = "holoflow-log-ingest", IsOutage = e => e is DatabaseException { Fault: DatabaseFault.Unreachable or DatabaseFault.Full } }, service.Log.EventFailed, service.Stopping);
        service.Health.Add("broker", _ => ValueTask.FromResult(connection.WhyNotReady()));
        var bus = new TracedBus(connection);
        await using var logs = new LogIngestService(bus, writer, options, TimeProvider.System, service.Logs.CreateLogger<LogIngestService>());
        await logs.StartAsync(service.Stopping);
        await service.UntilStopped();
    };
});
