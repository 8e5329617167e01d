using Holoflow.Hosting;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Holoflow.Scheduler;
using Microsoft.Extensions.Logging;

return await ServiceHost.Run("scheduler", settings =>
{
    var database = settings.AddressWithPassword("HOLOFLOW_DATABASE", "the PostgreSQL database, e.g. postgresql://holoflow@db:5432/holoflow", "postgresql");
    var broker = settings.AddressWithPassword("HOLOFLOW_RABBITMQ", "the broker, e.g. amqp://scheduler@rabbitmq:5672/", "amqp", "amqps");
    return async service =>
    {
        var store = Database.At(database.AbsoluteUri);
        await store.Check(cancellation: service.Stopping);
        await using var bus = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker, ConnectionName = "holoflow-scheduler" }, service.Log.EventFailed, service.Stopping);
        await using var scheduler = new SchedulerService(bus, store, new SchedulerOptions(), TimeProvider.System, service.Logs.CreateLogger<SchedulerService>());
        await scheduler.StartAsync(service.Stopping);
        await service.UntilStopped();
    };
});
