using System.Diagnostics;
using Holoflow.LogIngest;
using Holoflow.LogIngestBenchmarks;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.Servers;

// usage: LogIngestBenchmarks [LINES | read [LINES] | storm [MEGABYTES [CREDIT]]]
if (args is ["read", ..])
{
    await LogReading.Run(args.Length > 1 ? long.Parse(args[1]) : 10_000_000);
    return;
}

if (args is ["storm", ..])
{
    await LogStorm.Run(args.Length > 1 ? int.Parse(args[1]) : 1000, args.Length > 2 ? int.Parse(args[2]) : null);
    return;
}

// Log lines from the agent's side of the broker into PostgreSQL, beside plain COPY of the same rows.
var lines = args.Length > 0 ? int.Parse(args[0]) : 1_000_000;
const int Runs = 8;
var chunks = lines / Runs / Lines.PerChunk;
await using var postgres = await PostgresqlServer.Start();
await using var broker = await RabbitMqServer.Start();
var store = new Store(Database.At(postgres.Address));
var runs = await store.MakeRuns(Runs);
await using var writer = new DatabaseWriter(store.Database);
await using var service = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Address });
await using var agent = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Address });
await using var ingest = new LogIngestService(service, writer, new LogIngestOptions(), TimeProvider.System);
await ingest.StartAsync(CancellationToken.None);

await store.Execute("CREATE TABLE twin_plain (LIKE log_lines); CREATE TABLE twin_indexed (LIKE log_lines INCLUDING ALL)");
var plain = await store.PlainCopy("twin_plain", runs, chunks);
var indexed = await store.PlainCopy("twin_indexed", runs, chunks);
await store.Execute("CHECKPOINT");

var refused = 0;
var watch = Stopwatch.StartNew();
await Task.WhenAll(runs.Select(run => Task.Run(() => Ship(run))));
var accepted = watch.Elapsed.TotalSeconds;
var expected = (long)chunks * Runs * Lines.PerChunk;
using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
while (await Stored() < expected)
    await tick.WaitForNextTickAsync();
var stored = watch.Elapsed.TotalSeconds;

var doubled = await store.Count("SELECT COUNT(*) - COUNT(DISTINCT (run_id, source, number)) FROM log_lines");
var misplaced = await store.Count("SELECT COUNT(*) FROM log_lines WHERE position <> number");
Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, {expected:N0} lines of {Runs} runs, {Lines.PerChunk} a chunk");
Console.WriteLine($"accepted by the broker   {expected / accepted,12:N0} lines/s");
Console.WriteLine($"stored in PostgreSQL     {expected / stored,12:N0} lines/s");
Console.WriteLine($"plain COPY, no indexes   {expected / plain,12:N0} lines/s; the whole path is {plain / stored:0.00} of it");
Console.WriteLine($"plain COPY, same indexes {expected / indexed,12:N0} lines/s; the whole path is {indexed / stored:0.00} of it");
Console.WriteLine($"checker: {await Stored() - expected} lost or too many, {doubled} doubled, {misplaced} out of order");
Console.WriteLine($"refused by full shards and sent again: {refused} chunks");
Console.WriteLine($"memory of this process, both ends: {Environment.WorkingSet / 1024 / 1024} MiB");

async Task Ship(Guid run)
{
    for (var index = 0; index < chunks; index++)
    {
        var chunk = Lines.Chunk(run, index);
        while (!await TryShip(chunk))
            await Task.Delay(TimeSpan.FromMilliseconds(100));
    }
}

// A full shard refuses, and the chunk stays with the run: as an agent, again after a moment.
async Task<bool> TryShip(Holoflow.Contracts.LogChunk chunk)
{
    try
    {
        await agent.Request(chunk);
        return true;
    }
    catch (Holoflow.Messaging.MessagingException)
    {
        refused++;
        return false;
    }
}

// The last position of each run: no count of all rows while they come in.
Task<long> Stored() => store.Count("SELECT COALESCE(SUM((SELECT MAX(position) FROM log_lines l WHERE l.run_id = r.id)), 0) FROM flow_runs r");
