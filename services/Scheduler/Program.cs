using Holoflow.Hosting;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Notifications;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.Scheduler;
using Microsoft.Extensions.Logging;

return await ServiceHost.Run("scheduler", settings =>
{
    var database = settings.Database();
    var broker = settings.Broker("scheduler");
    var options = SchedulerSettings.Read(settings) with { SweepEvery = TimeSpan.FromSeconds(settings.Number("HOLOFLOW_SWEEP_SECONDS", 3, 1, 3600)) };
    var notifications = NotifierSettings.Read(settings);
    return async service =>
    {
        var store = Database.At(database.AbsoluteUri);
        await store.Check(cancellation: service.Stopping);
        service.Health.Add("database", store.WhyNotReady);
        await using var connection = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker, DeclaresRequestQueues = false, ConnectionName = "holoflow-scheduler" }, service.Log.EventFailed, service.Stopping);
        service.Health.Add("broker", _ => ValueTask.FromResult(connection.WhyNotReady()));
        var bus = new TracedBus(connection);
        await using var scheduler = new SchedulerService(bus, store, options, TimeProvider.System, service.Logs.CreateLogger<SchedulerService>());
        await scheduler.StartAsync(service.Stopping);
        await using var writer = new DatabaseWriter(store);
        await using var notifier = new NotifierService(bus, writer, notifications, TimeProvider.System, service.Logs.CreateLogger<NotifierService>());
        await notifier.StartAsync(service.Stopping);
        await service.UntilStopped();
    };
});
