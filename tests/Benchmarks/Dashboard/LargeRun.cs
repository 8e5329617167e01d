using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Messaging;

namespace Holoflow.DashboardBenchmarks;

/// <summary>A run of many task runs: one that admits, two maps of the same width of which the second uses the first, one that merges.</summary>
static class LargeRun
{
    const string Agent = "benchmark";

    const int Slots = 64;

    public static async Task<Guid> Play(IMessageBus bus, int tasks)
    {
        var id = Guid.CreateVersion7();
        var start = TimeProvider.System.GetUtcNow().AddHours(-1);
        await bus.Request(new SubmitRun { RunId = id, RunName = "large", FlowName = "large", Program = new RunProgram { Path = "/opt/large" }, Parameters = JsonElement.Parse("{}") });
        var claimed = await bus.Request(new ClaimRun(id, Agent, Guid.CreateVersion7()));
        var epoch = claimed.Run!.Epoch;
        await Report(RunReport.Started, start);
        var sequence = 0L;
        foreach (var some in Events(start, (tasks - 2) / 2).Select(e => e with { Sequence = ++sequence }).Chunk(2000))
            await bus.Request(new ReportTasks(id, Agent, epoch, some));
        await Report(RunReport.Completed, start.AddMinutes(50));
        return id;

        ValueTask<CommandAnswered> Report(RunReport report, DateTimeOffset at) => bus.Request(new ReportRun { RunId = id, AgentId = Agent, Epoch = epoch, Report = report, At = at });
    }

    static IEnumerable<RunEvent> Events(DateTimeOffset start, int width)
    {
        var random = new Random(1);
        var admit = Guid.CreateVersion7();
        foreach (var e in One(admit, "admit", "admit", start, start.AddSeconds(1), start.AddSeconds(5), []))
            yield return e;
        var free = Enumerable.Repeat(start.AddSeconds(6), Slots).ToArray();
        var before = Enumerable.Repeat(admit, width).ToArray();
        foreach (var name in (string[])["split", "solve"])
        {
            var made = new Guid[width];
            for (var i = 0; i < width; i++)
            {
                var (slot, task) = (i % Slots, Guid.CreateVersion7());
                made[i] = task;
                var end = free[slot].AddSeconds(random.Next(4, 26));
                foreach (var e in One(task, name, $"{name}-{i}", start.AddSeconds(6), free[slot], end, [before[i]]))
                    yield return e;
                free[slot] = end;
            }

            before = made;
        }

        foreach (var e in One(Guid.CreateVersion7(), "merge", "merge", free.Max(), free.Max(), free.Max().AddSeconds(60), before))
            yield return e;
    }

    static RunEvent[] One(Guid id, string name, string runName, DateTimeOffset created, DateTimeOffset started, DateTimeOffset ended, IReadOnlyList<Guid> after) =>
    [
        new() { Sequence = 0, At = created, Kind = RunEventKind.TaskCreated, Subject = id, Key = runName, TaskName = name, RunName = runName, Inputs = [.. after.Select(from => new TaskEdge(from, ""))] },
        new() { Sequence = 0, At = started, Kind = RunEventKind.TaskChanged, Subject = id, Type = "Running", Name = "Running", RunCount = 1 },
        new() { Sequence = 0, At = ended, Kind = RunEventKind.TaskChanged, Subject = id, Type = "Completed", Name = "Completed", RunCount = 1 },
    ];
}
