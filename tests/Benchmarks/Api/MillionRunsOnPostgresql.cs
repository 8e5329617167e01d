using System.Globalization;
using Holoflow.Persistence;

namespace Holoflow.ApiBenchmarks;

/// <summary>The same year's worth of runs as <see cref="MillionRuns"/>, on PostgreSQL, by the server itself: only reading is measured.</summary>
static class MillionRunsOnPostgresql
{
    public static async Task<Database> Make(string address, int runs)
    {
        var database = Database.At(address);
        _ = await database.Upgrade();
        const string At = "(1735689600000000 + i * 31000000)";
        const string Id = $"(lpad(to_hex({At} / 1000), 12, '0') || '70008000' || lpad(to_hex(i), 12, '0'))::uuid";
        var all = string.Create(CultureInfo.InvariantCulture, $"generate_series(0::bigint, {runs - 1}) AS i");
        await Execute(database, "INSERT INTO flows (id, name, created_at) SELECT gen_random_uuid(), 'flow-' || i, 1 FROM generate_series(0, 39) AS i");
        await Execute(database, $"""
            INSERT INTO flow_runs (id, name, flow_name, queue, priority, tags, state_type, state_name, state_at, version, created_at, scheduled_for, due_at, started_at, ended_at,
              epoch, run_count, retries_used, crashes_used, max_retries, retry_delay, crash_reschedules, events_through)
            SELECT {Id}, 'run-' || i, 'flow-' || (i % 40), 'queue-' || (i % 5), i % 3, json_build_array('tag-' || (i % 50), 'tag-' || ((i * 7 + 1) % 50), 'rare-' || (i / 1000))::text,
              s.state, s.state, {At} + 60000000, 5, {At}, {At}, {At}, {At} + 1000000, {At} + 60000000, 1, 1, 0, 0, 0, 0, 0, 0
            FROM {all} CROSS JOIN LATERAL (SELECT CASE WHEN i % 10 <> 0 THEN 'Completed'
              ELSE CASE (i / 10) % 40 WHEN 0 THEN 'Crashed' WHEN 1 THEN 'Cancelled' WHEN 2 THEN 'Running' WHEN 3 THEN 'Scheduled' ELSE 'Failed' END END AS state) s
            """);
        await Execute(database, $"""
            INSERT INTO flow_run_tags (tag, created_at, run_id)
            SELECT DISTINCT t.tag, {At}, {Id} FROM {all} CROSS JOIN LATERAL (VALUES ('tag-' || (i % 50)), ('tag-' || ((i * 7 + 1) % 50)), ('rare-' || (i / 1000))) AS t (tag)
            """);
        await Execute(database, $"""
            INSERT INTO flow_run_parameters (name, value, created_at, run_id)
            SELECT p.name, p.value, {At}, {Id} FROM {all} CROSS JOIN LATERAL (VALUES ('beams', (36 - (i % 3) * 12)::text), ('field', 'field-' || (({At} / 31000000) % 1000)), ('sbid', i::text)) AS p (name, value)
            """);
        await Execute(database, """
            INSERT INTO run_counts (state_type, flow_name, deployment_id, queue, shard, runs)
            SELECT state_type, flow_name, '00000000-0000-0000-0000-000000000000'::uuid, queue, 0, COUNT(*) FROM flow_runs GROUP BY 1, 2, 3, 4
            """);
        await Execute(database, "INSERT INTO run_hours (hour, state_type, shard, runs) SELECT created_at / 3600000000, state_type, 0, COUNT(*) FROM flow_runs GROUP BY 1, 2");
        await Execute(database, "VACUUM ANALYZE");
        return database;
    }

    static async Task Execute(Database database, string sql)
    {
        await using var connection = await database.OpenForBulk();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        _ = await command.ExecuteNonQueryAsync();
    }
}
