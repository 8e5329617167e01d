using System.Globalization;
using Holoflow.Load.Stack;
using Holoflow.Persistence;

namespace Holoflow.Load.Measures;

/// <summary>
/// From a run request to the first line of its program, one at a time on an idle stack. The program is a bash script that prints its
/// clock; what bash takes for that by itself is the floor.
/// </summary>
static class Latency
{
    const int Warming = 300;
    const int Runs = 200;
    const string States = "SELECT at FROM flow_run_states WHERE run_id = $1 ORDER BY version";

    public static async Task Measure()
    {
        await using var stack = await LoadStack.Start();
        await stack.StartAgent("agent-1", slots: 10);
        using var http = new HttpClient { BaseAddress = stack.Api };
        var program = await Clock(stack.Folder);
        var request = new RunRequest("clock", program);
        var whole = new List<double>();
        var accepted = new List<double>();
        var parts = new List<double>[] { [], [], [], [] };
        for (var i = 0; i < Warming + Runs; i++)
        {
            var sent = TimeProvider.System.GetUtcNow();
            var run = await request.Send(http);
            var answered = TimeProvider.System.GetUtcNow();
            await stack.Until($"SELECT COUNT(*) FROM flow_runs WHERE id = '{run}' AND state_type = 'Completed'", n => n == 1, TimeSpan.FromSeconds(60));
            if (i < Warming)
                continue;
            var first = await FirstLine(stack, run);
            var states = await Times(stack.Database, run);
            whole.Add((first - sent).TotalMilliseconds);
            accepted.Add((first - answered).TotalMilliseconds);
            foreach (var (part, (from, to)) in parts.Zip([(sent, states[0]), (states[0], states[1]), (states[1], Launched(stack, run)), (Launched(stack, run), first)]))
                part.Add((to - from).TotalMilliseconds);
        }

        Report.Line("run request accepted (answered) to subprocess started, idle", "p50 5 ms, p99 20 ms", accepted.Show());
        Report.Line("… from the request's first byte", "", whole.Show());
        foreach (var (name, part) in new[]
        {
            "… part: request to the store's decision (HTTP, check, broker)", "… part: stored to claimed (commit, event, scheduler's pass, offer, claim)",
            "… part: claimed to the supervisor's start (commit, answer, record, run directory)", "… part: the supervisor's start to the program's first line (shells, pipes, bash)",
        }.Zip(parts))
            Report.Line(name, "", part.Show());
    }

    static async Task<string> Clock(string folder)
    {
        var path = Path.Combine(folder, "clock");
        await File.WriteAllTextAsync(path, "#!/bin/bash\necho $EPOCHREALTIME\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    static string Directory(LoadStack stack, Guid run) => Path.Combine(stack.Folder, "home", "runs", run.ToString());

    static DateTimeOffset Launched(LoadStack stack, Guid run) =>
        new(File.GetLastWriteTimeUtc(Path.Combine(Directory(stack, run), "process.1")));

    static async Task<DateTimeOffset> FirstLine(LoadStack stack, Guid run) =>
        DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(await File.ReadAllTextAsync(Path.Combine(Directory(stack, run), "stdout.1.log")), CultureInfo.InvariantCulture));

    static async Task<IReadOnlyList<DateTimeOffset>> Times(Database database, Guid run)
    {
        var times = new List<DateTimeOffset>();
        await using var session = await database.OpenReadSession();
        using var rows = session.Query(States, run);
        while (rows.Next())
            times.Add(rows.Instant(0));
        return times;
    }
}
