using System.Diagnostics;
using System.Globalization;
using Holoflow.Load.Stack;
using Holoflow.Servers;
using Npgsql;
using RabbitMQ.Client;

namespace Holoflow.Load.Measures;

/// <summary>What the machine gives by itself: the floors under every figure, in the same run.</summary>
static class Floors
{
    static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);
    static readonly byte[] Body = new byte[300];

    public static async Task Measure()
    {
        await Processes();
        await using (var postgres = await PostgresqlServer.Start())
            await Commits(postgres.Address);
        await using var broker = await RabbitMqServer.Start();
        await Publishes(broker.Address);
    }

    static async Task Processes()
    {
        var before = CpuClock.Of([Environment.ProcessId]);
        var (count, wall) = await Rate(2, async () => await Start("/bin/true"));
        var cpu = CpuClock.Of([Environment.ProcessId]) - before;
        Report.Line("floor: processes started with both streams read, two at a time", "", $"{count / wall.TotalSeconds:0}/s, {cpu.TotalMilliseconds / count:0.00} ms CPU each");
        var delays = new List<double>();
        for (var i = 0; i < 100; i++)
        {
            var start = TimeProvider.System.GetUtcNow();
            var said = double.Parse(await Start("/bin/bash", "-c", "echo $EPOCHREALTIME"), CultureInfo.InvariantCulture);
            delays.Add((DateTimeOffset.UnixEpoch.AddSeconds(said) - start).TotalMilliseconds);
        }

        Report.Line("floor: bash started to its first line", "", delays.Show());
    }

    static async Task Commits(string address)
    {
        var uri = new Uri(address);
        await using var source = NpgsqlDataSource.Create($"Host={uri.Host};Port={uri.Port};Username=postgres;Database=postgres");
        await using (var create = source.CreateCommand("CREATE TABLE floor (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text)"))
            await create.ExecuteNonQueryAsync();
        foreach (var (connections, rows) in new[] { (1, 1), (8, 1), (1, 100) })
        {
            var (count, wall) = await Rate(connections, async () =>
            {
                await using var insert = source.CreateCommand($"INSERT INTO floor (body) SELECT repeat('x', 300) FROM generate_series(1, {rows})");
                await insert.ExecuteNonQueryAsync();
            });
            Report.Line($"floor: commits of {rows} rows of 300 bytes, {connections} connections", "", $"{count / wall.TotalSeconds:0}/s");
        }
    }

    static async Task Publishes(Uri address)
    {
        await using var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.QueueDeclareAsync("floor", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" });
        foreach (var window in new[] { 1, 64 })
        {
            var (count, wall) = await Rate(window, async () => await channel.BasicPublishAsync("", "floor", mandatory: true, new BasicProperties { Persistent = true }, Body));
            Report.Line($"floor: publishes to a quorum queue confirmed, {window} in flight", "", $"{count / wall.TotalSeconds:0}/s");
        }
    }

    static async Task<(long Count, TimeSpan Wall)> Rate(int atATime, Func<Task> one)
    {
        var count = 0L;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, atATime).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < Duration)
            {
                await one();
                Interlocked.Increment(ref count);
            }
        })));
        return (count, Stopwatch.GetElapsedTime(start));
    }

    static async Task<string> Start(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return said[0];
    }
}
