using Holoflow.Hosting;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Holoflow.Scheduler;
using Microsoft.Extensions.Logging;

return await ServiceHost.Run("scheduler", settings =>
{
    var database = settings.Database();
    var broker = settings.Broker("scheduler");
    var options = SchedulerSettings.Read(settings) with { SweepEvery = TimeSpan.FromSeconds(settings.Number("HOLOFLOW_SWEEP_SECONDS", 3, 1, 3600)) };
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
        await service.UntilStopped();
    };
});
