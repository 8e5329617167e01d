using System.Diagnostics;
using Holoflow.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Holoflow.LogIngestBenchmarks;

/// <summary>The database that the lines go to, its twin tables, and the checker.</summary>
sealed class Store(Database database)
{
    const string Columns = "run_id, source, number, position, at, level, logger, text";

    public Database Database => database;

    public async Task<IReadOnlyList<Guid>> MakeRuns(int count)
    {
        await database.Upgrade();
        Guid[] runs = [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];
        await Execute("INSERT INTO flows (id, name, created_at) VALUES ('00000000-0000-0000-0000-000000000001', 'f', 0)");
        foreach (var run in runs)
        {
            await Execute($"""
                INSERT INTO flow_runs (id, name, flow_name, queue, priority, tags, state_type, state_name, state_at, version, created_at, scheduled_for, due_at,
                    epoch, run_count, retries_used, crashes_used, max_retries, retry_delay, crash_reschedules, events_through)
                VALUES ('{run}', 'r', 'f', 'default', 0, '[]', 'Running', 'Running', 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0)
                """);
        }

        return runs;
    }

    /// <summary>Plain COPY of the same rows, in one transaction a chunk's worth of connections never shares; seconds.</summary>
    public async Task<double> PlainCopy(string table, IReadOnlyList<Guid> runs, int chunks)
    {
        await using var connection = (NpgsqlConnection)await database.OpenForBulk();
        var watch = Stopwatch.StartNew();
        for (var first = 0; first < chunks; first += 8)
        {
            await using var writer = await connection.BeginBinaryImportAsync($"COPY {table} ({Columns}) FROM STDIN (FORMAT BINARY)");
            for (var index = first; index < Math.Min(first + 8, chunks); index++)
            {
                foreach (var run in runs)
                    Write(writer, Lines.Chunk(run, index));
            }

            await writer.CompleteAsync();
        }

        return watch.Elapsed.TotalSeconds;
    }

    public async Task<long> Count(string sql)
    {
        await using var connection = (NpgsqlConnection)await database.OpenForBulk();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    public async Task Execute(string sql)
    {
        await using var connection = (NpgsqlConnection)await database.OpenForBulk();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }

    static void Write(NpgsqlBinaryImporter writer, Contracts.LogChunk chunk)
    {
        foreach (var line in chunk.Lines)
        {
            writer.StartRow();
            writer.Write(chunk.RunId, NpgsqlDbType.Uuid);
            writer.Write(line.Source, NpgsqlDbType.Integer);
            writer.Write(line.Number, NpgsqlDbType.Bigint);
            writer.Write(line.Number, NpgsqlDbType.Bigint);
            writer.Write(Microseconds.Of(line.At), NpgsqlDbType.Bigint);
            writer.Write(line.Level, NpgsqlDbType.Integer);
            writer.Write(line.Logger!, NpgsqlDbType.Text);
            writer.Write(line.Text, NpgsqlDbType.Text);
        }
    }
}
