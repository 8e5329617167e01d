using System.Diagnostics;
using Holoflow.Contracts;
using Holoflow.LogIngest;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.Servers;

namespace Holoflow.LogIngestBenchmarks;

/// <summary>How long a quiet run's lines take to be stored, alone and while another run of the same shard writes as fast as it can.</summary>
static class LogStorm
{
    const int Quiet = 100;

    /// <summary>Between two lines of the quiet run.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <param name="megabytes">How much the storm writes.</param>
    /// <param name="credit">How many chunks of a run may be on their way; null: as it is set.</param>
    public static async Task Run(int megabytes, int? credit)
    {
        await using var postgres = await PostgresqlServer.Start();
        await using var broker = await RabbitMqServer.Start();
        var store = new Store(Database.At(postgres.Address));
        var runs = await store.MakeRuns(64);
        // The broker's shards go by the last byte of a run's id.
        var shard = runs.GroupBy(run => run.ToByteArray()[15] % 8).First(group => group.Count() > 1).ToList();
        await using var writer = new DatabaseWriter(store.Database);
        await using var service = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Address });
        var asSet = new RabbitMqOptions { Address = broker.Address };
        await using var agent = await RabbitMqBus.Connect(asSet with { BulkCredit = credit ?? asSet.BulkCredit });
        await using var ingest = new LogIngestService(service, writer, new LogIngestOptions(), TimeProvider.System);
        await ingest.StartAsync(CancellationToken.None);
        var number = 0;
        using var heard = new SemaphoreSlim(0);
        await using var stored = agent.Subscribe<LogsStored>(new Subscription($"logs.{shard[1]:N}"), (_, _) =>
        {
            heard.Release();
            return ValueTask.CompletedTask;
        });
        await stored.Established;
        _ = await Delays(20);
        Tell("alone", await Delays(Quiet), 0);
        var peak = Environment.WorkingSet;
        var watch = Stopwatch.StartNew();
        var storm = Task.Run(Storm);
        var during = new List<double>();
        while (!storm.IsCompleted)
        {
            during.AddRange(await Delays(1));
            peak = Math.Max(peak, Environment.WorkingSet);
        }

        var chunks = await storm;
        Tell("in the storm", during, peak / 1024 / 1024);
        Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, the storm: {megabytes} MB in {watch.Elapsed.TotalSeconds:0.0} s, {chunks * Lines.PerChunk / watch.Elapsed.TotalSeconds:N0} lines/s; agent, broker, ingest and database share {Environment.ProcessorCount} cores");

        async Task<List<double>> Delays(int count)
        {
            var delays = new List<double>();
            for (var i = 0; i < count; i++)
            {
                var sent = Stopwatch.StartNew();
                await Send(new LogChunk(shard[1], "agent", [new LogLine(0, ++number, TimeProvider.System.GetUtcNow(), 2, null, "flow", "a quiet line")]));
                await heard.WaitAsync();
                delays.Add(sent.Elapsed.TotalMilliseconds);
                await Task.Delay(Pause);
            }

            return delays;
        }

        // As an agent: one chunk after the other has been taken.
        async Task<int> Storm()
        {
            var index = 0;
            for (long bytes = 0; bytes < megabytes * 1_000_000L; index++)
            {
                var chunk = Lines.Chunk(shard[0], index);
                bytes += chunk.Lines.Sum(line => line.Text.Length);
                await Send(chunk);
            }

            return index;
        }

        async Task Send(LogChunk chunk)
        {
            while (true)
            {
                try
                {
                    _ = await agent.Request(chunk);
                    return;
                }
                catch (MessagingException)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100));
                }
            }
        }

        void Tell(string when, List<double> delays, long memory)
        {
            delays.Sort();
            Console.WriteLine($"| {when} | {delays.Count} | {delays[delays.Count / 2]:0.0} | {delays[(int)(delays.Count * 0.95)]:0.0} | {delays[^1]:0.0} | {(memory > 0 ? $"{memory} MiB" : "")} |");
        }
    }
}
