using System.Diagnostics;
using System.Globalization;
using Holoflow.Api;
using Holoflow.ApiBenchmarks;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;
using Holoflow.Messaging.InProcess;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.Servers;
using Holoflow.StateStore;
using Microsoft.Extensions.Logging.Abstractions;

// usage: ApiBenchmarks [lists [RUNS] | lists-postgresql [RUNS] | creation | start]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = Directory.CreateTempSubdirectory("holoflow-bench-").FullName;
try
{
    switch (args is [] ? "lists" : args[0])
    {
        case "creation":
            await Creation();
            break;
        case "start":
            await Start();
            break;
        default:
            await Lists(args is [_, var runs, ..] ? int.Parse(runs) : 1_000_000, args is ["lists-postgresql", ..]);
            break;
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

async Task Lists(int runs, bool onPostgresql)
{
    var filling = Stopwatch.StartNew();
    await using var server = onPostgresql ? await PostgresqlServer.Start() : null;
    var database = server is null ? await MillionRuns.Make(Path.Combine(folder, "holoflow.db"), runs) : await MillionRunsOnPostgresql.Make(server.Address, runs);
    Console.WriteLine($"{runs:N0} runs made in {filling.Elapsed.TotalSeconds:0} s, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
    await using var host = new ApiHost(new ApiServices(new InProcessBus(), database, TimeProvider.System, NullLogger.Instance), new ApiOptions { Port = 0 });
    await host.StartAsync();
    using var client = new HoloflowClient(host.Address);
    var year = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    (string Name, FlowRunFilter Filter)[] filters =
    [
        ("none", new()),
        ("one state (Failed)", new() { States = ["Failed"] }),
        ("two states, a flow", new() { States = ["Failed", "Crashed"], Flows = ["flow-10"] }),
        ("flow", new() { Flows = ["flow-7"] }),
        ("flow, state, two weeks", new() { Flows = ["flow-10"], States = ["Failed"], Since = year.AddDays(100), Until = year.AddDays(114) }),
        ("common tag", new() { Tags = ["tag-9"] }),
        ("rare tag", new() { Tags = ["rare-500"] }),
        ("two tags", new() { Tags = ["tag-9", "tag-8"] }),
        ("tag, rare state", new() { Tags = ["tag-10"], States = ["Crashed"] }),
        ("parameter, one run", new() { Parameters = [KeyValuePair.Create("sbid", "123456")] }),
        ("parameter, many runs", new() { Parameters = [KeyValuePair.Create("beams", "12")] }),
        ("two parameters", new() { Parameters = [KeyValuePair.Create("beams", "12"), KeyValuePair.Create("field", "field-77")] }),
        ("common parameter, rare state", new() { Parameters = [KeyValuePair.Create("beams", "24")], States = ["Crashed"] }),
        ("queue, state, tag", new() { Queues = ["queue-0"], States = ["Failed"], Tags = ["tag-30"] }),
        ("text, found often", new() { Text = "run-99" }),
        ("text, found nowhere", new() { Text = "no such run" }),
        ("oldest first, flow", new() { Flows = ["flow-3"], Sort = FlowRunSort.Oldest }),
    ];
    Console.WriteLine("| filter | rows | p50 ms | p95 ms | max ms | CPU ms |\n|---|---|---|---|---|---|");
    foreach (var (name, filter) in filters)
    {
        var page = await client.FlowRuns.ListPage(filter);
        // Pages in the middle of the list as well as its start.
        var cursors = new List<string?> { null };
        for (var (cursor, depth) = (page.Next, 0); cursor is not null && depth < 5; depth++)
        {
            cursors.Add(cursor);
            cursor = (await client.FlowRuns.ListPage(filter, cursor)).Next;
        }

        for (var i = 0; i < 20; i++)
            _ = await client.FlowRuns.ListPage(filter, cursors[i % cursors.Count]);
        var times = new List<double>();
        var processor = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < 100; i++)
        {
            var watch = Stopwatch.StartNew();
            _ = await client.FlowRuns.ListPage(filter, cursors[i % cursors.Count]);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        processor = Environment.CpuUsage.TotalTime - processor;
        times.Sort();
        Console.WriteLine($"| {name} | {page.Items.Count} | {times[50]:0.0} | {times[95]:0.0} | {times[^1]:0.0} | {processor.TotalMilliseconds / times.Count:0.0} |");
    }

    foreach (var (name, filter) in ((string, FlowRunFilter)[])[("counts of all", new()), ("counts of a flow", new() { Flows = ["flow-7"] }), ("counts of a common tag", new() { Tags = ["tag-9"] })])
    {
        var watch = Stopwatch.StartNew();
        var counts = await client.FlowRuns.Count(filter);
        Console.WriteLine($"{name}: {counts.Total:N0} in {watch.Elapsed.TotalMilliseconds:0} ms");
    }
}

async Task Creation()
{
    var database = Database.At(Path.Combine(folder, "holoflow.db"));
    _ = await database.Upgrade();
    var bus = new InProcessBus();
    await using var writer = new DatabaseWriter(database);
    await using var store = new StateStoreService(bus, writer, new StateStoreOptions(), TimeProvider.System, NullLogger<StateStoreService>.Instance);
    await store.StartAsync(CancellationToken.None);
    await using var host = new ApiHost(new ApiServices(bus, database, TimeProvider.System, NullLogger.Instance), new ApiOptions { Port = 0 });
    await host.StartAsync();
    using var client = new HoloflowClient(host.Address);
    _ = await client.Deployments.Put("f", "n", new DeploymentDefinition { Program = new FlowProgram { Path = "/opt/f.dll" } });
    foreach (var clients in (int[])[1, 1, 8, 32])
    {
        var (made, watch) = (0, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async number =>
        {
            while (watch.Elapsed < TimeSpan.FromSeconds(4))
            {
                var created = await client.Deployments.Run(new DeploymentKey("f", "n"), new CreateDeploymentRun());
                Debug.Assert(created.Stored, $"client {number} was answered 202");
                _ = Interlocked.Increment(ref made);
            }
        }));
        Console.WriteLine($"{clients} clients: {made / watch.Elapsed.TotalSeconds:0} runs/s");
    }
}

async Task Start()
{
    var watch = Stopwatch.StartNew();
    var database = Database.At(Path.Combine(folder, "holoflow.db"));
    _ = await database.Upgrade();
    var opened = watch.Elapsed;
    var host = new ApiHost(new ApiServices(new InProcessBus(), database, TimeProvider.System, NullLogger.Instance), new ApiOptions { Port = 0, ServeOpenApi = args.Contains("openapi") });
    var built = watch.Elapsed;
    await host.StartAsync();
    var started = watch.Elapsed;
    using var client = new HoloflowClient(host.Address);
    _ = await client.FlowRuns.ListPage();
    var first = watch.Elapsed;
    _ = await client.FlowRuns.ListPage();
    Console.WriteLine($"database {opened.TotalMilliseconds:0} ms, build {(built - opened).TotalMilliseconds:0} ms, start {(started - built).TotalMilliseconds:0} ms, first list {(first - started).TotalMilliseconds:0} ms, second {(watch.Elapsed - first).TotalMilliseconds:0.0} ms");
    await host.DisposeAsync();
}
