using Holoflow.Persistence;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Holoflow.LogIngest.Days;

/// <summary>Makes the log's days before they begin, and drops those that are not kept. Any number of processes may do it.</summary>
sealed class LogDays(Database database, LogIngestOptions options, TimeProvider time, ILogger log)
{
    static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Yesterday too: a run may be made just before midnight.</summary>
    const int From = -1;
    const int To = 3;
    const string Existing = """
        SELECT (to_date(right(c.relname, 8), 'YYYYMMDD') - date '1970-01-01')::integer, pg_total_relation_size(c.oid)
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'log_lines'::regclass AND c.relname ~ '^log_lines_[0-9]{8}$'
        """;

    /// <summary>One pass after the other until it is stopped.</summary>
    public async Task Loop(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Period, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stopping.IsCancellationRequested)
                await TryRunOnce(stopping);
        }
    }

    /// <summary>One pass; what fails is tried again with the next: lines of a day without a partition of its own lie in the default one.</summary>
    public async Task TryRunOnce(CancellationToken cancellation)
    {
        try
        {
            var (added, dropped) = await RunOnce(cancellation);
            if (added + dropped > 0)
                Log.DaysChanged(log, added, dropped);
        }
        catch (Exception e) when (e is NpgsqlException or DatabaseException)
        {
            Log.DaysFailed(log, e.Message);
        }
    }

    /// <summary>One pass; how many days were added and dropped.</summary>
    public async Task<(int Added, int Dropped)> RunOnce(CancellationToken cancellation)
    {
        await using var connection = (NpgsqlConnection)await database.OpenForBulk(cancellation);
        // Who reads or writes the log is not held up by one who waits to change it.
        await using (var patience = new NpgsqlCommand("SET lock_timeout = '5s'", connection))
            await patience.ExecuteNonQueryAsync(cancellation);
        var today = (int)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalDays;
        var added = 0;
        for (var day = today + From; day <= today + To; day++)
            added += await Change("SELECT add_log_day($1)", day) ? 1 : 0;
        var dropped = 0;
        foreach (var day in LogRetention.Decide(await Days(connection, cancellation), today, options))
            dropped += await Change("SELECT drop_log_day($1)", day) ? 1 : 0;
        return (added, dropped);

        async Task<bool> Change(string sql, int day)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = day } } };
            return (bool)(await command.ExecuteScalarAsync(cancellation))!;
        }
    }

    static async Task<List<LogDay>> Days(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var days = new List<LogDay>();
        await using var command = new NpgsqlCommand(Existing, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            days.Add(new LogDay(rows.GetInt32(0), rows.GetInt64(1)));
        return days;
    }
}
