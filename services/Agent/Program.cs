using Holoflow.Agent;
using Holoflow.Hosting;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Microsoft.Extensions.Logging;

return await ServiceHost.Run("agent", settings =>
{
    var broker = settings.Broker("agent");
    var options = new AgentOptions
    {
        Name = settings.Optional("HOLOFLOW_AGENT_NAME") ?? Environment.MachineName,
        Home = settings.Required("HOLOFLOW_HOME", "the state directory of the user that runs flows"),
        Queues = settings.List("HOLOFLOW_AGENT_QUEUES") is { Count: > 0 } queues ? queues : ["default"],
        Tags = settings.List("HOLOFLOW_AGENT_TAGS"),
        KeepRunFiles = TimeSpan.FromDays(settings.Number("HOLOFLOW_AGENT_KEEP_DAYS", AgentOptions.KeepRunDays, 0, 36_500)),
        Slots = settings.Number("HOLOFLOW_AGENT_LIMIT", 10, 1, 10_000),
    };
    return async service =>
    {
        await using var connection = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker, DeclaresRequestQueues = false, IsConfined = true, ConnectionName = $"holoflow-agent-{options.Name}" }, service.Log.EventFailed, service.Stopping);
        service.Health.Add("broker", _ => ValueTask.FromResult(connection.WhyNotReady()));
        var bus = new TracedBus(connection);
        await using var agent = await FlowAgent.StartAsync(options, bus, TimeProvider.System, service.Logs.CreateLogger<FlowAgent>(), service.Stopping);
        agent.Announce();
        await service.UntilStopped();
    };
});
