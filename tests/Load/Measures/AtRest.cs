using Holoflow.Load.Stack;

namespace Holoflow.Load.Measures;

/// <summary>Resident memory of the services at rest, and of an agent; and what they all use of a core then.</summary>
static class AtRest
{
    const int Waiting = 200;
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    public static async Task Measure()
    {
        await using var stack = await LoadStack.Start();
        await stack.StartAgent("agent-1", slots: 10);
        await Task.Delay(Rest);
        await Idle(stack, "");
        var each = LoadStack.Services.Append("agent-1").ToDictionary(name => name, name => CpuClock.ResidentMiB(stack.Processes[name].Id), StringComparer.Ordinal);
        Report.Line("four services idle", "400 MiB", $"{LoadStack.Services.Sum(s => each[s]):0} MiB ({string.Join(", ", LoadStack.Services.Select(s => $"{s} {each[s]:0}"))})");
        Report.Line("one agent idle", "80 MiB", $"{each["agent-1"]:0} MiB");
        await stack.Client.WorkQueues.Pause("default");
        using var http = new HttpClient { BaseAddress = stack.Api };
        for (var i = 0; i < Waiting; i++)
            _ = await new RunRequest("true", "/bin/true").Send(http);
        await Task.Delay(Rest);
        await Idle(stack, $", {Waiting} runs waiting in a paused queue");
        await stack.Client.WorkQueues.Resume("default");
        await stack.Until("SELECT COUNT(*) FROM flow_runs WHERE state_type = 'Completed'", done => done == Waiting, TimeSpan.FromMinutes(2));
        await Task.Delay(Rest);
        await Idle(stack, $", after {Waiting} runs");
    }

    static async Task Idle(LoadStack stack, string condition)
    {
        var before = stack.Cpu();
        await Task.Delay(Rest);
        var after = stack.Cpu();
        var seconds = Rest.TotalSeconds;
        Report.Line($"CPU at rest{condition}", "near zero", $"{Report.CpuOf(before, after) / seconds:0.0} ms a second ({Report.Shares(before, after, seconds)})");
    }
}
