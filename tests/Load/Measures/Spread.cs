using Holoflow.Load.Stack;

namespace Holoflow.Load.Measures;

/// <summary>How evenly four agents of one queue share runs.</summary>
static class Spread
{
    const int Agents = 4;
    const int Runs = 400;
    const string OfEach = "SELECT COUNT(*) FROM flow_run_states WHERE state_type = 'Pending' AND agent LIKE 'agent-{0}-%'";

    public static async Task Measure()
    {
        await using var stack = await LoadStack.Start();
        for (var i = 1; i <= Agents; i++)
            await stack.StartAgent($"agent-{i}", slots: 5);
        using var http = new HttpClient { BaseAddress = stack.Api };
        var program = Path.Combine(stack.Folder, "short");
        await File.WriteAllTextAsync(program, "#!/bin/sh\nsleep 0.2\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var request = new RunRequest("short", program);
        for (var i = 0; i < Runs; i++)
            await request.Send(http);
        await stack.Until("SELECT COUNT(*) FROM flow_runs WHERE state_type = 'Completed'", n => n == Runs, TimeSpan.FromMinutes(5));
        var counts = new List<long>();
        for (var i = 1; i <= Agents; i++)
            counts.Add(await stack.Count(string.Format(System.Globalization.CultureInfo.InvariantCulture, OfEach, i)));
        var off = counts.Max(c => Math.Abs(c - (Runs / (double)Agents)) / (Runs / (double)Agents));
        Report.Line($"{Agents} agents on one queue, {Runs} runs", "within 10 % of even", $"{string.Join(", ", counts)}: at most {off:P0} off");
    }
}
