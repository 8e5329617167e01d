using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Live;

/// <summary>Shows a run while it is followed.</summary>
interface IRunPresenter : IDisposable
{
    void Show(RunUpdate update);

    /// <summary>A line of this command itself, among the run's own.</summary>
    void Say(string text);

    /// <summary>Called several times a second: time passes for what runs.</summary>
    void Tick();
}

/// <summary>Chooses how a run is shown.</summary>
static class RunPresenters
{
    /// <summary>A live view where standard output is a terminal that can show one; else plain lines.</summary>
    public static IRunPresenter For(Guid runId, bool plain, TimeProvider clock) =>
        IsLive(plain) ? new LivePresenter(new RunView(runId), Terminal.Open(), Terminal.ShowsColours, clock) : new PlainPresenter(new RunView(runId), Console.Out, clock);

    /// <summary>True where standard output is a terminal that can be drawn on, unless plain lines are asked for.</summary>
    public static bool IsLive(bool plain) => !plain && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
}
