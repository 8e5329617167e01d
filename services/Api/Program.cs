using Holoflow.Api;
using Holoflow.Hosting;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Microsoft.Extensions.Logging;

return await ServiceHost.Run("api", settings =>
{
    var database = settings.Database();
    var broker = settings.Broker("api");
    var runs = settings.Optional("HOLOFLOW_RUNS_DIRECTORY");
    var options = ApiSettings.Read(settings) with { ServeOpenApi = true };
    var agents = ApiSettings.AgentBroker(settings);
    return async service =>
    {
        var store = Database.At(database.AbsoluteUri);
        await store.Check(cancellation: service.Stopping);
        service.Health.Add("database", store.WhyNotReady);
        await using var connection = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker, DeclaresRequestQueues = false, ConnectionName = "holoflow-api" }, service.Log.EventFailed, service.Stopping);
        service.Health.Add("broker", _ => ValueTask.FromResult(connection.WhyNotReady()));
        var bus = new TracedBus(connection);
        using var users = agents is (var management, var address) ? new BrokerUsers(management, address) : null;
        await using var api = new ApiHost(new ApiServices(bus, store, TimeProvider.System, service.Logs.CreateLogger<ApiHost>()) { RunsDirectory = runs, BrokerUsers = users }, options);
        await api.StartAsync(service.Stopping);
        await service.UntilStopped();
    };
});
