using Holoflow.Contracts;
using Holoflow.LogIngest;
using Holoflow.Messaging.RabbitMq;
using Holoflow.StateStore.Tests.Support;
using Npgsql;

namespace Holoflow.StateStore.Tests.Logs;

/// <summary>A run that writes its log at full speed, over the real broker into the real database.</summary>
[Collection(PostgresqlTests.Name)]
public sealed class LogStormTests(PostgresqlHost host)
{
    const int Credit = 4;
    const int Storm = 60;
    const int LinesPerChunk = 1000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_run_s_line_is_stored_behind_a_few_chunks_of_the_storm_and_not_behind_all_of_them()
    {
        await using var store = await host.StartOnBroker(null, null);
        await using var logs = new LogIngestService(store.Bus, store.Writer, new LogIngestOptions(), store.Time);
        await logs.StartAsync(Cancellation);
        await using var agent = await RabbitMqBus.Connect(new RabbitMqOptions { Address = await host.Broker(), BulkCredit = Credit, BulkPatience = TimeSpan.FromHours(1) }, cancellation: Cancellation);
        var storm = await store.Started(store.NewRun() with { RunId = OfShard(5) });
        var quiet = await store.Started(store.NewRun() with { RunId = OfShard(5) });

        // Nothing of the storm can be stored while its lock is held: what is on its way then is all that there is.
        await using var blocker = (NpgsqlConnection)await store.Database.OpenForBulk(Cancellation);
        await using (var held = await blocker.BeginTransactionAsync(Cancellation))
        {
            await using var command = new NpgsqlCommand($"SELECT pg_advisory_xact_lock(hashtextextended('{storm.RunId}', 1819240448))", blocker);
            await command.ExecuteNonQueryAsync(Cancellation);
            var sent = Enumerable.Range(0, Storm).Select(i => agent.Request(Chunk(storm, i * LinesPerChunk, LinesPerChunk), Cancellation).AsTask()).ToList();
            _ = await agent.Request(Chunk(quiet, 0, 1), Cancellation);
            Assert.True(sent.Count(s => s.IsCompleted) <= Credit);
            await held.RollbackAsync(Cancellation);
            await Task.WhenAll(sent).WaitAsync(Cancellation);
        }

        while ((long)(await store.Scalar("SELECT COUNT(*) FROM log_lines"))! < (Storm * LinesPerChunk) + 1)
            await Task.Yield();
        var before = (long)(await store.Scalar($"""
            SELECT COUNT(DISTINCT (number - 1) / {LinesPerChunk}) FROM log_lines WHERE run_id = '{storm.RunId}'
            AND xmin::text::bigint <= (SELECT xmin::text::bigint FROM log_lines WHERE run_id = '{quiet.RunId}')
            """))!;
        // Those before it, and at most as many again that came into the same transaction.
        Assert.InRange(before, 0, 2 * Credit);
        Assert.Equal([$"{Storm * LinesPerChunk}|{Storm * LinesPerChunk}"], await store.Rows($"SELECT COUNT(DISTINCT number), COUNT(*) FROM log_lines WHERE run_id = '{storm.RunId}'"));
    }

    static Guid OfShard(byte shard)
    {
        var bytes = Guid.CreateVersion7().ToByteArray();
        bytes[15] = shard;
        return new Guid(bytes);
    }

    static LogChunk Chunk(GrantedRun run, int from, int count) =>
        new(run.RunId, "agent-1", [.. Enumerable.Range(from + 1, count).Select(n => new LogLine(0, n, DateTimeOffset.UnixEpoch.AddSeconds(n), 2, null, "flow", $"channel {n}: {new string('x', 120)}"))]);
}
