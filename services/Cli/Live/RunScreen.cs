using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Cli.Input;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Live;

/// <summary>Draws a run as a tree of tasks: a pure function from what is known to lines.</summary>
static class RunScreen
{
    const int LongestBar = 20;
    const int ShortestBar = 6;

    /// <summary>What stands beside a bar, as a rule.</summary>
    const int BesideBar = 60;

    const int MostRunningShown = 4;
    const int LongestName = 28;

    /// <summary>The lines of the view, at most <paramref name="height"/>; what does not fit is counted in the last one. Bars are shorter on a narrow screen.</summary>
    public static IReadOnlyList<StyledLine> Lines(RunView view, DateTimeOffset now, int width, int height)
    {
        var barCells = Math.Clamp(width - BesideBar, ShortestBar, LongestBar);
        var lines = new List<StyledLine> { Heading(view, now) };
        var nameCells = Math.Min(LongestName, view.AllGroups.Select(g => TerminalText.Cells(TerminalText.Line(g.Name))).DefaultIfEmpty(0).Max());
        Branch(lines, view.Root, now, nameCells, barCells, indent: "", last: view.Nested.Count == 0);
        for (var i = 0; i < view.Nested.Count; i++)
        {
            var isLast = i == view.Nested.Count - 1;
            lines.Add(NestedHeading(view.Nested[i], now, isLast));
            Branch(lines, view.Nested[i], now, nameCells, barCells, indent: isLast ? "   " : "│  ", last: true);
        }
        if (lines.Count <= Math.Max(height, 2))
            return lines;
        var shown = Math.Max(height, 2) - 1;
        return [.. lines.Take(shown), StyledLine.Of(new Span($"   … {lines.Count - shown} more lines", Style.Faint))];
    }

    static StyledLine Heading(RunView view, DateTimeOffset now)
    {
        var run = view.Root.Run;
        if (run is null)
            return StyledLine.Of(new Span("waiting for the run", Style.Faint));
        var groups = view.AllGroups.ToList();
        var (ended, total) = (groups.Sum(g => g.Ended), groups.Sum(g => g.Total));
        var spans = new List<Span>
        {
            new(Sign(run.State.Type) + " ", StyleOf(run.State.Type)),
            new(TerminalText.Line(run.FlowName), Style.Strong),
            new($" / {TerminalText.Line(run.Name)}  "),
            new(TerminalText.Line(run.State.Name), StyleOf(run.State.Type)),
        };
        if (Age(run, now) is { } age)
            spans.Add(new Span($"  {DurationText.Format(age)}", Style.Faint));
        if (total > 0)
            spans.Add(new Span($"  {ended}/{total} tasks"));
        if (!run.State.IsFinal() && groups.Select(g => g.Left(now)).Max() is { } left)
            spans.Add(new Span($"  about {DurationText.Format(left)} left", Style.Faint));
        if (run.State.Message is { Length: > 0 } message && run.State.Type is not RunStateType.Completed)
            spans.Add(new Span($"  {TerminalText.Line(message)}", Style.Faint));
        return new StyledLine(spans);
    }

    static StyledLine NestedHeading(RunBranch branch, DateTimeOffset now, bool last)
    {
        var spans = new List<Span> { new(last ? "└─ " : "├─ ", Style.Faint) };
        if (branch.Run is not { } run)
            return new StyledLine([.. spans, new Span("nested run", Style.Faint)]);
        spans.AddRange([new(Sign(run.State.Type) + " ", StyleOf(run.State.Type)), new(TerminalText.Line(run.FlowName), Style.Strong), new($" / {TerminalText.Line(run.Name)}  "), new(run.State.Name, StyleOf(run.State.Type))]);
        if (Age(run, now) is { } age)
            spans.Add(new Span($"  {DurationText.Format(age)}", Style.Faint));
        return new StyledLine(spans);
    }

    static void Branch(List<StyledLine> lines, RunBranch branch, DateTimeOffset now, int nameCells, int barCells, string indent, bool last)
    {
        for (var i = 0; i < branch.Groups.Count; i++)
        {
            var isLast = last && i == branch.Groups.Count - 1;
            var group = branch.Groups[i];
            lines.Add(GroupLine(group, now, nameCells, barCells, indent + (isLast ? "└─ " : "├─ ")));
            var running = group.Total > 1 || group.Running.Any(t => t.Progress is not null) ? group.Running.Take(MostRunningShown) : [];
            foreach (var task in running)
                lines.Add(RunningLine(task, now, indent + (isLast ? "   " : "│  ")));
        }
    }

    static StyledLine GroupLine(TaskGroup group, DateTimeOffset now, int nameCells, int barCells, string lead)
    {
        var spans = new List<Span> { new(lead, Style.Faint), new(TerminalText.Pad(TerminalText.Fit(group.Name, nameCells), nameCells) + "  ") };
        spans.AddRange(Bar(group, barCells));
        spans.Add(new Span($"  {group.Ended}/{group.Total}", group.Ended == group.Total ? Style.Plain : Style.Strong));
        if (group[TaskStateType.Running] is > 0 and var running)
            spans.Add(new Span($"  {running} running", Style.Busy));
        if (group.Cached > 0)
            spans.Add(new Span($"  {group.Cached} cached", Style.Faint));
        if (group.NotCompleted > 0)
            spans.Add(new Span($"  {NotCompleted(group)}", Style.Bad));
        if (group.Ended < group.Total && group.Rate(now) is > 0 and var rate)
            spans.Add(new Span($"  {Rate(rate)}", Style.Faint));
        if (group.Left(now) is { } left)
            spans.Add(new Span($"  about {DurationText.Format(left)} left", Style.Faint));
        return new StyledLine(spans);
    }

    /// <summary>How many ended otherwise than well, by state.</summary>
    public static string NotCompleted(TaskGroup group) =>
        string.Join("  ", new[] { TaskStateType.Failed, TaskStateType.Crashed, TaskStateType.Cancelled }
            .Where(t => group[t] > 0).Select(t => $"{group[t]} {t.ToString().ToLowerInvariant()}"));

    /// <summary>A rate for people.</summary>
    public static string Rate(double perSecond) => perSecond >= 10 ? $"{perSecond:0}/s" : perSecond >= 1 ? $"{perSecond:0.0}/s" : $"{perSecond * 60:0.0}/min";

    static IEnumerable<Span> Bar(TaskGroup group, int cells)
    {
        var bad = Cells(group.NotCompleted);
        // Work inside running tasks counts by their own progress.
        var within = group.Running.Sum(t => Math.Clamp(Fraction(t.Progress) ?? 0, 0, 1));
        var good = Math.Min(cells - bad, (int)((group[TaskStateType.Completed] + within) * cells / group.Total));
        var busy = Math.Min(cells - bad - good, group[TaskStateType.Running] > 0 ? Math.Max(1, Cells(group[TaskStateType.Running])) : 0);
        return
        [
            new(new string('━', good), Style.Good),
            new(new string('━', bad), Style.Bad),
            new(new string('╸', busy), Style.Busy),
            new(new string('─', cells - good - bad - busy), Style.Faint),
        ];

        int Cells(int count) => count == 0 ? 0 : Math.Max(1, (int)((long)count * cells / group.Total));
    }

    static StyledLine RunningLine(TaskRunRow task, DateTimeOffset now, string indent)
    {
        var spans = new List<Span> { new($"{indent}   ", Style.Faint), new(TerminalText.Line(task.Name), Style.Faint) };
        if (task.Progress is { } progress)
        {
            if (Fraction(progress) is { } fraction)
                spans.Add(new Span($"  {Math.Clamp(fraction, 0, 1) * 100:0} %", Style.Busy));
            if (progress.Count is { } count)
                spans.Add(new Span(progress.Total is { } total ? $"  {count}/{total}" : $"  {count}", Style.Faint));
            if (progress.Message is { Length: > 0 } message)
                spans.Add(new Span($"  {TerminalText.Line(message)}"));
            if (progress.SecondsLeft is { } seconds and >= 0 and < 8_640_000)
                spans.Add(new Span($"  about {DurationText.Format(TimeSpan.FromSeconds(seconds))} left", Style.Faint));
        }
        else if (task.StartedAt is { } start && now - start >= TimeSpan.FromSeconds(1))
        {
            spans.Add(new Span($"  {DurationText.Format(now - start)}", Style.Faint));
        }
        return new StyledLine(spans);
    }

    static double? Fraction(Progress? progress) =>
        progress?.Fraction ?? (progress is { Count: { } count, Total: > 0 and var total } ? (double)count / total : null);

    static TimeSpan? Age(FlowRunRow run, DateTimeOffset now) => run.StartedAt is { } start && (run.EndedAt ?? now) - start is { Ticks: >= 0 } age ? age : null;

    static string Sign(RunStateType type) => type switch
    {
        RunStateType.Completed => "✔",
        RunStateType.Failed or RunStateType.Crashed => "✘",
        RunStateType.Cancelled => "■",
        _ => "●",
    };

    internal static Style StyleOf(RunStateType type) => type switch
    {
        RunStateType.Completed => Style.Good,
        RunStateType.Failed or RunStateType.Crashed => Style.Bad,
        RunStateType.Running or RunStateType.Pending => Style.Busy,
        RunStateType.Cancelled or RunStateType.Cancelling or RunStateType.Paused => Style.Caution,
        _ => Style.Plain,
    };
}
