using System.Diagnostics;
using Holoflow.Sdk;

namespace Holoflow.SampleFlows;

/// <param name="Lines">How many lines.</param>
public sealed record LogParameters(int Lines = 100);

/// <param name="Lines">How many lines.</param>
/// <param name="PerSecond">How many of them a second.</param>
public sealed record PacedLogParameters(int Lines = 10_000, int PerSecond = 1000);

/// <param name="Program">What to run.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="TimeoutSeconds">Its time; 0: as long as it likes.</param>
public sealed record CommandParameters(string Program, string[] Arguments, double TimeoutSeconds = 0);

/// <param name="Seconds">How long.</param>
public sealed record DurationParameters(double Seconds = 1);

/// <param name="Text">Any text.</param>
/// <param name="Output">A file that the text is written into.</param>
/// <param name="Number">A number.</param>
public sealed record EchoParameters(string Text, string? Output = null, double Number = 1.5);

/// <summary>Flows that show something.</summary>
public static class ShownFlows
{
    static readonly FlowTask<Command, CommandResult> Execute = CommandTask.Define("command");

    static readonly FlowTask<Nothing> MakeArtifacts = FlowTask.Define("make-artifacts", (TaskContext task) =>
        task.Artifacts.Markdown("of-a-task", "made by a *task*"));

    /// <summary>One artifact of each kind, and one that replaces another.</summary>
    [Flow]
    public static async Task Artifacts(FlowContext flow)
    {
        flow.Artifacts.Markdown("report", "# First\n\nfirst", "Report");
        flow.Artifacts.Markdown("report", "# Second\n\n<script>alert(1)</script>", "Report");
        flow.Artifacts.Table("beams", [new { Beam = 0, Flux = 1.25 }, new { Beam = 1, Flux = 2.5 }], "Beams");
        flow.Artifacts.Link("home", new Uri("https://example.org/a?b=c"), "Home");
        flow.Artifacts.Progress("done", 0.5, "Done");
        var image = Path.Combine(flow.RunDirectory, "point.png");
        await File.WriteAllBytesAsync(image, Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
        flow.Artifacts.Image("point", image, "A point");
        await MakeArtifacts.Run();
    }

    /// <summary>Lasts so long and does nothing.</summary>
    [Flow]
    public static Task Lasts(DurationParameters parameters, CancellationToken cancellation) => Task.Delay(TimeSpan.FromSeconds(parameters.Seconds), cancellation);

    /// <summary>Writes so many lines into the run's log.</summary>
    [Flow]
    public static Task Logs(LogParameters parameters, FlowContext flow)
    {
        for (var line = 1; line <= parameters.Lines; line++)
            flow.Log.Info("line {number} of the log", line);
        return Task.CompletedTask;
    }

    /// <summary>Writes so many lines a second, each with the moment when it was written, in milliseconds since 1970.</summary>
    [Flow]
    public static async Task PacedLogs(PacedLogParameters parameters, FlowContext flow, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        for (var written = 0; written < parameters.Lines; await Task.Delay(1, cancellation))
        {
            for (var due = Stopwatch.GetElapsedTime(start).TotalSeconds * parameters.PerSecond; written < parameters.Lines && written < due; written++)
                flow.Log.Info("written at {at}", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    /// <summary>Runs a command as a task.</summary>
    [Flow(Name = "command")]
    public static async Task<int> RunCommand(CommandParameters parameters) =>
        (await Execute.Run(new Command(parameters.Program, parameters.Arguments)
        {
            Timeout = parameters.TimeoutSeconds > 0 ? TimeSpan.FromSeconds(parameters.TimeoutSeconds) : null,
            Grace = TimeSpan.FromSeconds(1),
        })).ExitCode;

    /// <summary>Gives its text back: as its result, as a log line, and byte for byte in a file.</summary>
    [Flow]
    public static async Task<string> Echo(EchoParameters parameters, FlowContext flow)
    {
        flow.Log.Info(parameters.Text);
        if (parameters.Output is not null)
            await File.WriteAllTextAsync(parameters.Output, parameters.Text);
        return parameters.Text;
    }
}
