using Holoflow.Contracts;
using Holoflow.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Holoflow.LogIngest.Copy;

/// <summary>One transaction: chunks to a staging table, and from there what is absent into the log, in the order in which they came.</summary>
sealed class CopyBatch(NpgsqlConnection connection, LogIngestOptions options, TimeProvider time)
{
    // Lines of a run get their positions one process at a time; the lock ends with the transaction.
    const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended(run::text, 1819240448)) FROM (SELECT run FROM unnest($1::uuid[]) AS run ORDER BY run) AS runs";
    const string Runs = """
        SELECT r.id, COALESCE((SELECT MAX(l.position) FROM log_lines l WHERE l.run_id = r.id), 0)
        FROM flow_runs r WHERE r.id = ANY($1) ORDER BY r.id FOR KEY SHARE OF r
        """;
    const string Stage = """
        CREATE TEMPORARY TABLE IF NOT EXISTS staged_lines (
            ordinal integer NOT NULL, run_id uuid NOT NULL, source integer NOT NULL, number bigint NOT NULL, nested_run_id uuid, task_id uuid,
            at bigint NOT NULL, level integer NOT NULL, logger text, text text NOT NULL, fields text
        ) ON COMMIT DELETE ROWS
        """;
    const string Copy = "COPY staged_lines (ordinal, run_id, source, number, nested_run_id, task_id, at, level, logger, text, fields) FROM STDIN (FORMAT BINARY)";
    const string InsertAbsent = """
        INSERT INTO log_lines (run_id, source, number, position, nested_run_id, task_id, at, level, logger, text, fields)
        SELECT run_id, source, number, position, nested_run_id, task_id, at, level, logger, text, fields
        FROM (
            SELECT s.*, b.last + ROW_NUMBER() OVER (PARTITION BY s.run_id ORDER BY s.ordinal) AS position
            FROM staged_lines s JOIN unnest($1::uuid[], $2::bigint[]) AS b (run, last) ON b.run = s.run_id
            WHERE NOT EXISTS (SELECT 1 FROM log_lines l WHERE l.run_id = s.run_id AND l.source = s.source AND l.number = s.number)
        ) AS fresh
        WHERE position <= $3
        """;
    const string Truncation = """
        INSERT INTO log_lines (run_id, source, number, position, at, level, logger, text) VALUES ($1, $2, 1, $3, $4, 3, 'holoflow', $5)
        ON CONFLICT (run_id, source, number) DO NOTHING
        """;

    /// <summary>Stores what is absent. For each run that exists, how many lines of it are new.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> Store(IReadOnlyList<LogChunk> chunks)
    {
        Guid[] ids = [.. chunks.Select(c => c.RunId).Distinct()];
        await using var transaction = await connection.BeginTransactionAsync();
        await Execute(Stage);
        // The planner knows nothing of a staging table: each line is looked up by the index, however long the log has become.
        await Execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off");
        await Execute(Lock, (object)ids);
        var before = await Lasts(ids);
        Guid[] present = [.. before.Keys];
        foreach (var round in Rounds(chunks, before))
        {
            var lasts = await Lasts(present);
            await CopyIn(round);
            await Execute(InsertAbsent, lasts.Keys.ToArray(), lasts.Values.ToArray(), options.MostLinesPerRun ?? long.MaxValue);
            await Execute("TRUNCATE staged_lines");
        }

        var after = await Lasts(present);
        foreach (var run in present.Where(r => after[r] == options.MostLinesPerRun && before[r] + chunks.Where(c => c.RunId == r).Sum(c => c.Lines.Count) > after[r]))
        {
            await Execute(Truncation, run, LogTable.TruncationSource, after[run] + 1, Microseconds.Of(time.GetUtcNow()), LogTable.TruncationText(options.MostLinesPerRun!.Value));
            after[run]++;
        }

        await transaction.CommitAsync();
        return present.ToDictionary(r => r, r => (int)(after[r] - before[r]));
    }

    // Within a round every source counts upward, so that no line is in it twice; as good as always one round is all.
    static IEnumerable<IReadOnlyList<LogChunk>> Rounds(IReadOnlyList<LogChunk> chunks, Dictionary<Guid, long> present)
    {
        var round = new List<LogChunk>();
        var reached = new Dictionary<(Guid, int), long>();
        foreach (var chunk in chunks.Where(c => present.ContainsKey(c.RunId)))
        {
            foreach (var piece in Rising(chunk))
            {
                if (piece.Lines.Any(line => reached.TryGetValue((chunk.RunId, line.Source), out var number) && line.Number <= number))
                {
                    yield return round;
                    (round, reached) = ([], []);
                }

                foreach (var line in piece.Lines)
                    reached[(chunk.RunId, line.Source)] = line.Number;
                round.Add(piece);
            }
        }

        if (round.Count > 0)
            yield return round;
    }

    // A chunk whose own lines do not rise is taken apart.
    static IEnumerable<LogChunk> Rising(LogChunk chunk)
    {
        var reached = new Dictionary<int, long>();
        var isRising = chunk.Lines.All(line =>
        {
            var rises = !reached.TryGetValue(line.Source, out var number) || line.Number > number;
            reached[line.Source] = line.Number;
            return rises;
        });
        return isRising ? [chunk] : chunk.Lines.Select(line => chunk with { Lines = [line] });
    }

    async Task CopyIn(IReadOnlyList<LogChunk> chunks)
    {
        await using var writer = await connection.BeginBinaryImportAsync(Copy);
        var ordinal = 0;
        foreach (var chunk in chunks)
        {
            foreach (var line in chunk.Lines)
            {
                writer.StartRow();
                writer.Write(ordinal++, NpgsqlDbType.Integer);
                writer.Write(chunk.RunId, NpgsqlDbType.Uuid);
                writer.Write(line.Source, NpgsqlDbType.Integer);
                writer.Write(line.Number, NpgsqlDbType.Bigint);
                Write(writer, line.NestedRun);
                Write(writer, line.Task);
                writer.Write(Microseconds.Of(line.At), NpgsqlDbType.Bigint);
                writer.Write(line.Level, NpgsqlDbType.Integer);
                Write(writer, line.Logger);
                writer.Write(StoredText.Of(line.Text, options.LongestLine), NpgsqlDbType.Text);
                Write(writer, line.Fields);
            }
        }

        await writer.CompleteAsync();
    }

    static void Write(NpgsqlBinaryImporter writer, Guid? id)
    {
        if (id is { } given)
            writer.Write(given, NpgsqlDbType.Uuid);
        else
            writer.WriteNull();
    }

    static void Write(NpgsqlBinaryImporter writer, string? text)
    {
        if (text is null)
            writer.WriteNull();
        else
            writer.Write(text, NpgsqlDbType.Text);
    }

    async Task<Dictionary<Guid, long>> Lasts(Guid[] ids)
    {
        var lasts = new Dictionary<Guid, long>();
        await using var command = Command(Runs, (object)ids);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            lasts.Add(rows.GetGuid(0), rows.GetInt64(1));
        return lasts;
    }

    async Task Execute(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync();
    }

    NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
