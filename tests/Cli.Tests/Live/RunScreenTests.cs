using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Cli.Live;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Tests.Live;

public sealed class RunScreenTests
{
    readonly RunView _view = new(Rows.RunId);

    [Fact]
    public void A_run_is_a_tree_of_tasks_with_counts_rate_and_estimate()
    {
        _view.Apply(new RunChanged(Rows.Run(RunStateType.Running)));
        _view.Apply(new TasksChanged([Rows.Task("calibrate", 0, TaskStateType.Completed, 2), Rows.Task("calibrate", 1, TaskStateType.Completed, 4)]));
        _view.Apply(new TasksChanged(
        [
            Rows.Task("regrid", 0, TaskStateType.Completed, 5),
            Rows.Task("regrid", 1, TaskStateType.Failed, 6),
            Rows.Task("regrid", 2, TaskStateType.Running, progress: new Progress { Fraction = 0.5, Message = "beam 9", SecondsLeft = 3 }),
            Rows.Task("regrid", 3, TaskStateType.Pending),
        ]));
        Assert.Equal(
            [
                "● demo / brave-otter  Running  10.0 s  4/6 tasks  about 10.0 s left",
                "├─ calibrate  ━━━━━━━━━━━━━━━━━━━━  2/2",
                "└─ regrid     ━━━━━━━━━━━━╸╸╸╸╸───  2/4  1 running  1 failed  12.0/min  about 10.0 s left",
                "      regrid-2  50 %  beam 9  about 3.0 s left",
            ],
            Text(seconds: 10));
    }

    [Fact]
    public void A_nested_run_is_a_branch()
    {
        var nested = Guid.Parse("01900000-0000-7000-8000-000000000002");
        _view.Apply(new RunChanged(Rows.Run(RunStateType.Running)));
        _view.Apply(new TasksChanged([Rows.Task("a", 0, TaskStateType.Completed, 1)]));
        _view.Apply(new NestedRunsChanged([Rows.Run(RunStateType.Completed, 3) with { Id = nested, FlowName = "inner", Name = "sly-fox" }]));
        _view.Apply(new TasksChanged([Rows.Task("b", 0, TaskStateType.Completed, 2, nested)]));
        Assert.Equal(
            [
                "● demo / brave-otter  Running  4.0 s  2/2 tasks",
                "├─ a  ━━━━━━━━━━━━━━━━━━━━  1/1",
                "└─ ✔ inner / sly-fox  Completed  3.0 s",
                "   └─ b  ━━━━━━━━━━━━━━━━━━━━  1/1",
            ],
            Text(seconds: 4));
    }

    [Fact]
    public void A_task_that_starts_again_is_counted_once()
    {
        _view.Apply(new RunChanged(Rows.Run(RunStateType.Running)));
        foreach (var type in new[] { TaskStateType.Pending, TaskStateType.Running, TaskStateType.Failed, TaskStateType.Running, TaskStateType.Completed, TaskStateType.Completed })
            _view.Apply(new TasksChanged([Rows.Task("a", 0, type, 1)]));
        Assert.Equal("└─ a  ━━━━━━━━━━━━━━━━━━━━  1/1", Text(2)[1]);
    }

    [Fact]
    public void What_does_not_fit_is_counted()
    {
        _view.Apply(new RunChanged(Rows.Run(RunStateType.Running)));
        _view.Apply(new TasksChanged([.. Enumerable.Range(0, 30).Select(i => Rows.Task($"task{i:00}", i, TaskStateType.Completed, 1))]));
        var lines = Text(seconds: 2, height: 10);
        Assert.Equal(10, lines.Count);
        Assert.Equal("   … 22 more lines", lines[^1]);
    }

    [Fact]
    public void Hostile_names_stay_in_their_lines_and_widths()
    {
        _view.Apply(new RunChanged(Rows.Run(RunStateType.Running, message: "\e[2J\nboo") with { Name = "\e]0;x\a" }));
        _view.Apply(new TasksChanged([Rows.Task("\e[31mred\n", 0, TaskStateType.Running, progress: new Progress { Message = "\r\e[K", Fraction = double.PositiveInfinity, SecondsLeft = double.NaN })]));
        foreach (var line in RunScreen.Lines(_view, Rows.Start, 60, 24))
        {
            Assert.DoesNotContain(line.Text(60), char.IsControl);
            Assert.True(TerminalText.Cells(line.Text(60)) <= 60);
        }
    }

    [Fact]
    public void Nothing_known_is_one_line() => Assert.Equal(["waiting for the run"], Text(0));

    IReadOnlyList<string> Text(double seconds, int height = 40) => [.. RunScreen.Lines(_view, Rows.Start.AddSeconds(seconds), 100, height).Select(l => l.Text(100))];
}
