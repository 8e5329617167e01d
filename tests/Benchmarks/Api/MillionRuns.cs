using System.Globalization;
using Holoflow.Persistence;
using Microsoft.Data.Sqlite;

namespace Holoflow.ApiBenchmarks;

/// <summary>Fills a database with a year's worth of runs, by SQLite itself: only reading is measured.</summary>
static class MillionRuns
{
    /// <summary>
    /// 40 flows, 5 queues, 90 % completed and the rest in all other states, 3 tags of 50, and 3 parameters a run, one of them different for each.
    /// </summary>
    public static async Task<Database> Make(string path, int runs)
    {
        var database = Database.At(path);
        _ = await database.Upgrade();
        await using var connection = new SqliteConnection($"Data Source={path}");
        await connection.OpenAsync();
        await Execute(connection, "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;");
        await Execute(connection, "INSERT INTO flows (id, name, created_at) WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 39) SELECT randomblob(16), 'flow-' || i, 1 FROM n");
        var numbers = string.Create(CultureInfo.InvariantCulture, $"WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {runs - 1})");
        // A run every 31 s of 2025; ids that sort by time, as version 7 does.
        const string At = "(1735689600000000 + i * 31000000)";
        const string Id = $"unhex(printf('%012x7000%016x', {At} / 1000, i))";
        await Execute(connection, $"""
            INSERT INTO flow_runs (id, name, flow_name, queue, priority, tags, state_type, state_name, state_at, version, created_at, scheduled_for, due_at, started_at, ended_at,
              epoch, run_count, retries_used, crashes_used, max_retries, retry_delay, crash_reschedules, events_through)
            {numbers}
            SELECT {Id}, 'run-' || i, 'flow-' || (i % 40), 'queue-' || (i % 5), i % 3, json_array('tag-' || (i % 50), 'tag-' || ((i * 7 + 1) % 50), 'rare-' || (i / 1000)),
              CASE WHEN i % 10 <> 0 THEN 'Completed' ELSE CASE (i / 10) % 40 WHEN 0 THEN 'Crashed' WHEN 1 THEN 'Cancelled' WHEN 2 THEN 'Running' WHEN 3 THEN 'Scheduled' ELSE 'Failed' END END,
              'x', {At} + 60000000, 5, {At}, {At}, {At}, {At} + 1000000, {At} + 60000000, 1, 1, 0, 0, 0, 0, 0, 0 FROM n
            """);
        await Execute(connection, "UPDATE flow_runs SET state_name = state_type");
        await Execute(connection, "INSERT OR IGNORE INTO flow_run_tags (tag, created_at, run_id) SELECT j.value, r.created_at, r.id FROM flow_runs r, json_each(r.tags) j ORDER BY 1, 2, 3");
        await Execute(connection, """
            INSERT INTO flow_run_parameters (name, value, created_at, run_id)
            SELECT 'beams', CAST(36 - priority * 12 AS TEXT), created_at, id FROM flow_runs
            UNION ALL SELECT 'field', 'field-' || (created_at / 31000000 % 1000), created_at, id FROM flow_runs
            UNION ALL SELECT 'sbid', substr(name, 5), created_at, id FROM flow_runs ORDER BY 1, 2, 3, 4
            """);
        await Execute(connection, """
            INSERT INTO run_counts (state_type, flow_name, deployment_id, queue, shard, runs) SELECT state_type, flow_name, zeroblob(16), queue, 0, COUNT(*) FROM flow_runs GROUP BY 1, 2, 3, 4;
            INSERT INTO run_hours (hour, state_type, shard, runs) SELECT created_at / 3600000000, state_type, 0, COUNT(*) FROM flow_runs GROUP BY 1, 2;
            """);
        await Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        return database;
    }

    static async Task Execute(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        _ = await command.ExecuteNonQueryAsync();
    }
}
