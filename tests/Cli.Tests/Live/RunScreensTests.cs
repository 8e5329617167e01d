using System.Runtime.CompilerServices;
using System.Text;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Cli.Live;

namespace Holoflow.Cli.Tests.Live;

/// <summary>The life of one run as its screens, on a wide terminal and on a narrow one, and as plain lines: kept approved.</summary>
public sealed class RunScreensTests
{
    static readonly Guid Nested = Guid.Parse("01900000-0000-7000-8000-000000000002");

    static readonly (double Seconds, RunUpdate[] Updates)[] Life =
    [
        (0, []),
        (0.1, [new RunChanged(Rows.Run(RunStateType.Pending))]),
        (1, [new RunChanged(Rows.Run(RunStateType.Running)), new TasksChanged([Rows.Task("inventory", 0, TaskStateType.Running)])]),
        (2, [new TasksChanged([Rows.Task("inventory", 0, TaskStateType.Completed, 2), .. Regridded(completed: 0, running: 4)])]),
        (10, [new TasksChanged([.. Regridded(completed: 12, running: 4)])]),
        (14, [new TasksChanged([Rows.Task("regrid", 12, TaskStateType.Failed, 14, message: "no data in beam 12"), .. Regridded(completed: 20, running: 4).Where(t => t.Key != "regrid-12")])]),
        (20, [new NestedRunsChanged([Rows.Run(RunStateType.Running) with { Id = Nested, FlowName = "imaging", Name = "sly-fox" }]), new TasksChanged([Rows.Task("split", 0, TaskStateType.Running, run: Nested, progress: new Progress { Fraction = 0.25, Message = "channel 16", SecondsLeft = 9 })])]),
        (24, [new TasksChanged([.. Regridded(completed: 34, running: 2).Where(t => t.Key != "regrid-12"), Cached("regrid", 34), Cached("regrid", 35)])]),
        (30, [new NestedRunsChanged([Rows.Run(RunStateType.Completed, 30) with { Id = Nested, FlowName = "imaging", Name = "sly-fox" }]), new TasksChanged([Rows.Task("split", 0, TaskStateType.Completed, 30, Nested)])]),
        (31, [new RunEnded(Rows.Run(RunStateType.Failed, 31, "1 task(s) failed: regrid-12"))]),
    ];

    [Fact]
    public void They_are_the_approved_ones()
    {
        var (view, lines, text) = (new RunView(Rows.RunId), new RunLines(new RunView(Rows.RunId)), new StringBuilder());
        foreach (var (seconds, updates) in Life)
        {
            var now = Rows.Start.AddSeconds(seconds);
            foreach (var update in updates)
                view.Apply(update);
            text.Append($"=== after {seconds} s\n");
            foreach (var line in RunScreen.Lines(view, now, width: 100, height: 24))
                text.Append(line.Text(100)).Append('\n');
            text.Append("--- 44 columns, 5 rows\n");
            foreach (var line in RunScreen.Lines(view, now, width: 44, height: 5))
                text.Append(line.Text(44)).Append('\n');
            text.Append("--- plain\n");
            foreach (var line in updates.SelectMany(update => lines.Apply(update, now)))
                text.Append(line.Text(int.MaxValue)["HH:mm:ss.fff ".Length..]).Append('\n');
        }

        var approved = Path.Combine(Folder(), "RunScreens.approved.txt");
        if (File.Exists(approved) && File.ReadAllText(approved) == text.ToString())
            return;
        File.WriteAllText(Path.Combine(Folder(), "RunScreens.received.txt"), text.ToString());
        Assert.Fail($"{approved} is not what is drawn; see RunScreens.received.txt beside it");
    }

    static IEnumerable<TaskRunRow> Regridded(int completed, int running) => Enumerable.Range(0, 36).Select(i => i switch
    {
        _ when i < completed => Rows.Task("regrid", i, TaskStateType.Completed, 2 + (i / 2.0)),
        _ when i < completed + running => Rows.Task("regrid", i, TaskStateType.Running, progress: i % 2 == 0 ? new Progress { Count = i, Total = 64, Fraction = i / 64.0, Message = $"beam {i}", SecondsLeft = 4 } : null),
        _ => Rows.Task("regrid", i, TaskStateType.Pending),
    });

    static TaskRunRow Cached(string task, int number) => Rows.Task(task, number, TaskStateType.Completed, 24) is var row ? row with { State = row.State with { Name = "Cached" } } : row;

    static string Folder([CallerFilePath] string caller = "") => Path.GetDirectoryName(caller)!;
}
