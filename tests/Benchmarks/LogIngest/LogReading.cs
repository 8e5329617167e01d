using System.Diagnostics;
using System.Globalization;
using Holoflow.Persistence;
using Holoflow.ReadModel.Logs;
using Holoflow.Servers;

namespace Holoflow.LogIngestBenchmarks;

/// <summary>How long a reader waits for a page of one run's very long log.</summary>
static class LogReading
{
    const int Tasks = 1000;
    const int Page = 1000;
    const int Times = 20;

    public static async Task Run(long lines)
    {
        await using var postgres = await PostgresqlServer.Start();
        var store = new Store(Database.At(postgres.Address));
        var run = (await store.MakeRuns(1))[0];
        var filling = Stopwatch.StartNew();
        await store.Execute("SELECT add_log_day(current_date - date '1970-01-01')");
        // By the server itself: only reading is measured.
        await store.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO log_lines (run_id, source, number, position, task_id, at, level, logger, text)
            SELECT '{run}', 0, n, n, ('00000000-0000-7000-8000-' || lpad(to_hex(n % {Tasks}), 12, '0'))::uuid, n, CASE WHEN n % 1000 = 7 THEN 4 ELSE 2 END, 'flow',
                'beam ' || n % 36 || ' channel ' || n % 288 || ': solution converged after ' || n % 50 || ' iterations, chi2 ' || n % 1000
            FROM generate_series(1, {lines}) AS n
            """));
        await store.Execute("ANALYZE log_lines");
        Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, {lines:N0} lines of one run, made in {filling.Elapsed.TotalSeconds:0} s, {await store.Count("SELECT SUM(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'log_lines'::regclass") / 1024 / 1024:N0} MiB");
        var log = new LogLines(store.Database);
        var task = Guid.Parse("00000000-0000-7000-8000-0000000001f4");
        await Measure("first page", new LogQuery());
        await Measure("last page", new LogQuery { Before = long.MaxValue });
        await Measure("page in the middle", new LogQuery { After = lines / 2 });
        await Measure("one task, its first page", new LogQuery { TaskId = task });
        await Measure("search in one task, found", new LogQuery { TaskId = task, Text = "channel 212:" });
        await Measure("search in one task, found nowhere", new LogQuery { TaskId = task, Text = "no such text" });
        await Measure("errors of one task", new LogQuery { TaskId = Guid.Parse("00000000-0000-7000-8000-000000000007"), MinimumLevel = 4 });

        async Task Measure(string name, LogQuery query)
        {
            var times = new List<double>();
            var rows = 0;
            for (var i = 0; i < Times + 1; i++)
            {
                var watch = Stopwatch.StartNew();
                rows = (await log.Read(run, query, Page)).Count;
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            var cold = times[0];
            times.RemoveAt(0);
            times.Sort();
            Console.WriteLine($"| {name} | {rows} | {cold:0.0} | {times[Times / 2]:0.0} | {times[(Times * 95 / 100) - 1]:0.0} |");
        }
    }
}
