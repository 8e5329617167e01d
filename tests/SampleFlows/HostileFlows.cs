using System.Diagnostics;
using Holoflow.RunProtocol;
using Holoflow.Sdk;

namespace Holoflow.SampleFlows;

/// <param name="Started">A file that is made once the flow misbehaves; it holds the process id.</param>
/// <param name="PidFile">A file for the process id of a child.</param>
public sealed record HostileParameters(string? Started = null, string? PidFile = null);

/// <param name="Lines">How many lines.</param>
/// <param name="Width">How many characters a line has.</param>
public sealed record PrintParameters(long Lines = 1000, int Width = 80);

/// <summary>Flows that misbehave.</summary>
public static class HostileFlows
{
    static readonly FlowTask<string, Nothing> Throwing = FlowTask.Define("throwing", (string message, TaskContext task) =>
    {
        if (message.Length >= 0)
            throw new InvalidOperationException(message);
    });

    /// <summary>Throws in its own method.</summary>
    [Flow]
    public static Task Throws() => throw new InvalidOperationException("the flow's own failure");

    /// <summary>Throws in a task that nobody awaits.</summary>
    [Flow]
    public static Task ThrowsInForgottenTask()
    {
        _ = Throwing.Submit("nobody awaits me");
        return Task.CompletedTask;
    }

    /// <summary>Calls Environment.Exit.</summary>
    [Flow(OnCrash = nameof(NoteCrash))]
    public static Task Exits(FlowContext flow)
    {
        flow.Log.Info("about to exit");
        Environment.Exit(7);
        return Task.CompletedTask;
    }

    /// <summary>An exception on a thread of its own.</summary>
    [Flow]
    public static async Task ThrowsOnForeignThread()
    {
        new Thread(() => throw new InvalidOperationException("on a foreign thread")).Start();
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Kills its own process by SIGKILL.</summary>
    [Flow(OnCrash = nameof(NoteCrash))]
    public static async Task KillsItself(FlowContext flow)
    {
        flow.Log.Info("about to die");
        while (!IsIn("about to die", new RunDirectory(flow.RunDirectory).Journal))
            await Task.Yield();
        Process.GetCurrentProcess().Kill();
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Writes half a line into the journal and dies.</summary>
    [Flow]
    public static async Task HalfAJournalLine(FlowContext flow)
    {
        flow.Log.Info("a whole line");
        var journal = new RunDirectory(flow.RunDirectory).Journal;
        while (!IsIn("a whole line", journal))
            await Task.Yield();
        await File.AppendAllTextAsync(journal, """{"k":"log","n":999,"t":"2026""");
        Process.GetCurrentProcess().Kill();
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Writes many lines to its standard output.</summary>
    [Flow]
    public static async Task Prints(PrintParameters parameters)
    {
        var line = new string('x', parameters.Width);
        await using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 64 * 1024);
        for (var number = 1L; number <= parameters.Lines; number++)
            await output.WriteLineAsync($"{number} {line}");
    }

    /// <summary>Goes on after SIGTERM and after its token is cancelled, until it is killed.</summary>
    [Flow]
    public static async Task IgnoresTermination(HostileParameters parameters)
    {
        await Start(parameters);
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }

    /// <summary>Ends at once and leaves a child process in a session of its own.</summary>
    [Flow]
    public static Task LeavesChildren(HostileParameters parameters) => LeaveChild(parameters);

    /// <summary>Leaves a child in a session of its own, and waits until it is cancelled.</summary>
    [Flow]
    public static async Task WaitsWithChildren(HostileParameters parameters, CancellationToken cancellation)
    {
        await LeaveChild(parameters);
        await Start(parameters);
        await Task.Delay(Timeout.Infinite, cancellation);
    }

    static Task NoteCrash(FlowEnd end) =>
        File.AppendAllTextAsync(Path.Combine(Environment.GetEnvironmentVariable(RunEnvironment.RunDirectory)!, "crashes"), $"{end.State.Message}\n");

    static async Task LeaveChild(HostileParameters parameters)
    {
        using var child = Process.Start("setsid", ["sleep", "600"]);
        if (parameters.PidFile is not null)
            await File.WriteAllTextAsync(parameters.PidFile, $"{child.Id}");
    }

    static async Task Start(HostileParameters parameters)
    {
        if (parameters.Started is not null)
            await File.WriteAllTextAsync(parameters.Started, $"{Environment.ProcessId}");
    }

    static bool IsIn(string text, string journal)
    {
        using var stream = new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd() is var lines && lines.EndsWith('\n') && lines.Contains(text, StringComparison.Ordinal);
    }
}
