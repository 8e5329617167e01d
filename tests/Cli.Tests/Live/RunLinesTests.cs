using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Logs;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Cli.Live;

namespace Holoflow.Cli.Tests.Live;

public sealed class RunLinesTests
{
    readonly RunLines _lines = new(new RunView(Rows.RunId));

    [Fact]
    public void States_tasks_and_log_are_lines()
    {
        Assert.Equal(["run brave-otter of flow demo: Running"], Apply(new RunChanged(Rows.Run(RunStateType.Running))));
        Assert.Empty(Apply(new RunChanged(Rows.Run(RunStateType.Running))));
        Assert.Empty(Apply(new TasksChanged([Rows.Task("a", 0, TaskStateType.Running)])));
        Assert.Equal(["WARN  a-0 | low flux␛[2J"], Apply(new LogsWritten([Log(LogLevel.Warning, "low flux\e[2J", Rows.Task("a", 0, TaskStateType.Running).Id)])));
        Assert.Equal(["INFO  stdout | hello"], Apply(new LogsWritten([Log(LogLevel.Information, "hello", null)])));
        Assert.Equal(["task a-0: Failed after 2.0 s: no data"], Apply(new TasksChanged([Rows.Task("a", 0, TaskStateType.Failed, 2, message: "no data")])));
        Assert.Equal(["run brave-otter of flow demo: Failed after 3.0 s: a-0 failed"], Apply(new RunEnded(Rows.Run(RunStateType.Failed, 3, "a-0 failed"))));
    }

    [Fact]
    public void A_message_of_several_lines_stays_together() => Assert.Equal(
        ["INFO  stdout | a", "      | b␛[2J"],
        Apply(new LogsWritten([Log(LogLevel.Information, "a\nb\e[2J\n", null)])));

    [Fact]
    public void Colours_of_a_log_are_for_a_terminal_and_end_with_each_line()
    {
        var lines = RunLines.Log(Log(LogLevel.Warning, "\e[31mred\nstill\e[0m wiped\e[2J", null), null).ToList();
        Assert.Equal(["| red", "| still wiped␛[2J"], lines.Select(line => line.Text(200)[line.Text(200).IndexOf('|', StringComparison.Ordinal)..]));
        Assert.EndsWith("\e[33m| \e[0m\e[33m\e[31mred\e[0m", lines[0].Ansi(200), StringComparison.Ordinal);
        Assert.EndsWith("\e[33m| \e[0m\e[33m\e[31mstill\e[0m\e[33m wiped␛[2J\e[0m", lines[1].Ansi(200), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_tasks_are_not_ten_thousand_lines_but_every_failure_is_one()
    {
        var lines = Enumerable.Range(0, 10_000)
            .SelectMany(i => Apply(new TasksChanged([Rows.Task("a", i, i % 1000 == 999 ? TaskStateType.Failed : TaskStateType.Completed, 1)]), seconds: i / 1000.0))
            .ToList();
        Assert.Equal(10, lines.Count(l => l.Contains("Failed after", StringComparison.Ordinal)));
        Assert.InRange(lines.Count, 31, 40);
        var last = Apply(new RunEnded(Rows.Run(RunStateType.Failed, 11)), 11);
        Assert.Contains("tasks a: 10000/10000, 10 failed", last[^2], StringComparison.Ordinal);
        Assert.Equal("run brave-otter of flow demo: Failed after 11.0 s", last[^1]);
    }

    IReadOnlyList<string> Apply(RunUpdate update, double seconds = 0) =>
        [.. _lines.Apply(update, Rows.Start.AddSeconds(seconds)).Select(l => l.Text(200)["HH:mm:ss.fff ".Length..])];

    static LogRow Log(LogLevel level, string text, Guid? task) => new()
    {
        Position = 1,
        FlowRunId = Rows.RunId,
        TaskRunId = task,
        At = Rows.Start,
        Level = level,
        Logger = "stdout",
        Text = text,
    };
}
