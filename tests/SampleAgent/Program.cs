using Holoflow.Agent;
using Holoflow.Messaging.Http;
using Microsoft.Extensions.Logging.Abstractions;

// An agent in a process of its own, before the server at the given URL: to be killed by tests.
// Arguments: the API's URL, the state directory, the queue.
using var http = new HttpClient { BaseAddress = new Uri(args[0]), Timeout = Timeout.InfiniteTimeSpan };
await using var bus = new HttpBusClient(http, TimeProvider.System, requestTimeout: TimeSpan.FromSeconds(2));
var options = new AgentOptions { Name = "sample", Home = args[1], Queues = [args[2]], AnnounceEvery = TimeSpan.FromMilliseconds(200) };
await using var agent = await FlowAgent.StartAsync(options, bus, TimeProvider.System, NullLogger.Instance);
await agent.Listening;
Console.WriteLine("ready");
await Console.In.ReadLineAsync();
