using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Live;

/// <summary>One line after the other.</summary>
sealed class PlainPresenter(RunView view, TextWriter output, TimeProvider clock) : IRunPresenter
{
    readonly RunLines _lines = new(view);

    public void Show(RunUpdate update)
    {
        foreach (var line in _lines.Apply(update, clock.GetUtcNow()))
            output.WriteLine(line.Text(int.MaxValue));
        output.Flush();
    }

    public void Say(string text)
    {
        output.WriteLine(TerminalText.Line(text));
        output.Flush();
    }

    public void Tick()
    {
    }

    public void Dispose() => output.Flush();
}
