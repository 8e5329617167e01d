using System.Text;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Live;

/// <summary>A tree of tasks that is drawn anew in place, with the log running above it.</summary>
sealed class LivePresenter(RunView view, Terminal terminal, bool colours, TimeProvider clock) : IRunPresenter
{
    static readonly TimeSpan Repaint = TimeSpan.FromMilliseconds(80);

    readonly List<StyledLine> _above = [];
    int _drawn;
    long _paintedAt;

    public void Show(RunUpdate update)
    {
        view.Apply(update);
        if (update is LogsWritten(var lines))
            _above.AddRange(lines.SelectMany(l => RunLines.Log(l, view.Task(l.TaskRunId ?? Guid.Empty)?.Name)));
        if (update is RunEnded || clock.GetElapsedTime(_paintedAt) >= Repaint)
            Paint();
    }

    public void Say(string text)
    {
        _above.Add(StyledLine.Of(new Span(TerminalText.Line(text), Style.Caution)));
        Paint();
    }

    public void Tick() => Paint();

    public void Dispose()
    {
        Paint();
        terminal.Write(Ansi.ShowCursor);
    }

    void Paint()
    {
        _paintedAt = clock.GetTimestamp();
        var (width, height) = terminal.Size();
        var frame = new StringBuilder(Ansi.HideCursor);
        if (_drawn > 0)
            _ = frame.Append('\r').Append(Ansi.Up(_drawn));
        // Log lines are left uncut and uncovered: they scroll away like any other output.
        foreach (var line in _above)
            _ = frame.Append(Shown(line, int.MaxValue)).Append(Ansi.ClearToLineEnd).Append('\n');
        _above.Clear();
        var lines = RunScreen.Lines(view, clock.GetUtcNow(), width - 1, height - 1);
        foreach (var line in lines)
            _ = frame.Append(Shown(line, width - 1)).Append(Ansi.ClearToLineEnd).Append('\n');
        _drawn = lines.Count;
        terminal.Write(frame.Append(Ansi.ClearBelow).ToString());
    }

    string Shown(StyledLine line, int width) => colours ? line.Ansi(width) : line.Text(width);
}
