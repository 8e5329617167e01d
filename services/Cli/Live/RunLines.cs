using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Logs;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Cli.Input;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Live;

/// <summary>What happens in a run as single lines, for pipes, logs and <c>--plain</c>.</summary>
sealed class RunLines(RunView view)
{
    const int EndsShownSingly = 20;
    const string Continued = "                   ";
    static readonly TimeSpan SummaryPause = TimeSpan.FromSeconds(2);

    readonly Dictionary<TaskGroup, DateTimeOffset> _summed = [];
    string? _lastState;

    /// <summary>Takes the update into the view and tells what of it is worth a line.</summary>
    public IReadOnlyList<StyledLine> Apply(RunUpdate update, DateTimeOffset now)
    {
        switch (update)
        {
            case RunChanged(var run):
                view.Apply(update);
                return State(run);
            case RunEnded(var run):
                view.Apply(update);
                return [.. view.AllGroups.Where(g => _summed.ContainsKey(g)).Select(g => Summary(g, now)), .. State(run)];
            case TasksChanged(var tasks):
                return [.. tasks.SelectMany(t => Task(t, now))];
            case LogsWritten(var lines):
                return [.. lines.SelectMany(l => Log(l, view.Task(l.TaskRunId ?? Guid.Empty)?.Name))];
            default:
                view.Apply(update);
                return [];
        }
    }

    /// <summary>A log entry, with the name of the task run that it belongs to; a message of several lines stays together.</summary>
    public static IEnumerable<StyledLine> Log(LogRow entry, string? task)
    {
        var (word, style) = entry.Level switch
        {
            LogLevel.Trace => ("TRACE", Style.Faint),
            LogLevel.Debug => ("DEBUG", Style.Faint),
            LogLevel.Information => ("INFO ", Style.Plain),
            LogLevel.Warning => ("WARN ", Style.Caution),
            _ => ("ERROR", Style.Bad),
        };
        var textStyle = style is Style.Bad or Style.Caution ? style : Style.Plain;
        var lines = entry.Text.TrimEnd('\n').Split('\n');
        var colours = new LogColours();
        yield return StyledLine.Of([Clock(entry.At), new Span(word, style), new Span($" {TerminalText.Line(task ?? entry.Logger ?? "flow")} ", Style.Faint), .. Text(lines[0])]);
        foreach (var line in lines.Skip(1))
            yield return StyledLine.Of([new Span(Continued, Style.Faint), .. Text(line)]);

        IEnumerable<Span> Text(string line) => colours.Pieces(line).Select(piece => new Span(TerminalText.Line(piece.Text), textStyle, piece.Codes)).Prepend(new Span("| ", textStyle));
    }

    IReadOnlyList<StyledLine> State(FlowRunRow run)
    {
        var state = $"{run.State.Name} {run.State.Message}";
        if (state == _lastState)
            return [];
        _lastState = state;
        var took = run is { StartedAt: { } start, EndedAt: { } end } && run.State.IsFinal() && end >= start ? $" after {DurationText.Format(end - start)}" : "";
        return
        [
            StyledLine.Of(
                Clock(run.State.At),
                new Span($"run {TerminalText.Line(run.Name)} of flow {TerminalText.Line(run.FlowName)}: "),
                new Span(run.State.Name, RunScreen.StyleOf(run.State.Type)),
                new Span(took + (run.State.Message is { Length: > 0 } message ? $": {TerminalText.Line(message)}" : ""))),
        ];
    }

    IEnumerable<StyledLine> Task(TaskRunRow task, DateTimeOffset now)
    {
        var wasEnded = view.Task(task.Id)?.State.IsFinal() == true;
        view.Apply(new TasksChanged([task]));
        if (!task.State.IsFinal() || wasEnded)
            yield break;
        var group = (view.Root.Id == task.FlowRunId ? view.Root : view.Nested.First(n => n.Id == task.FlowRunId)).Group(task.TaskName);
        if (task.State.Type != TaskStateType.Completed || group.Ended <= EndsShownSingly)
            yield return Ended(task);
        else if (!_summed.TryGetValue(group, out var last) || now - last >= SummaryPause)
        {
            _summed[group] = now;
            yield return Summary(group, now);
        }
    }

    static StyledLine Ended(TaskRunRow task)
    {
        var took = task is { StartedAt: { } start, EndedAt: { } end } && end >= start ? $" after {DurationText.Format(end - start)}" : "";
        return StyledLine.Of(
            Clock(task.State.At),
            new Span($"task {TerminalText.Line(task.Name)}: "),
            new Span(task.State.Name, task.State.Type == TaskStateType.Completed ? Style.Good : Style.Bad),
            new Span(took + (task.State.Message is { Length: > 0 } message ? $": {TerminalText.Line(message)}" : "")));
    }

    static StyledLine Summary(TaskGroup group, DateTimeOffset now) => StyledLine.Of(
        Clock(now),
        new Span($"tasks {TerminalText.Line(group.Name)}: {group.Ended}/{group.Total}"),
        new Span(group.NotCompleted > 0 ? $", {RunScreen.NotCompleted(group)}" : "", Style.Bad),
        new Span(group.Rate(now) is > 0 and var rate ? $", {RunScreen.Rate(rate)}" : "", Style.Faint));

    static Span Clock(DateTimeOffset at) => new($"{at.ToLocalTime():HH:mm:ss.fff} ", Style.Faint);
}
