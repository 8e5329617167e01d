using System.ComponentModel;
using System.Diagnostics;
using Holoflow.Agent.Processes;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Launch;

/// <summary>Starts the supervisor of an attempt: a few lines of <c>sh</c> that outlive the agent.</summary>
static class Supervisor
{
    /// <summary>The supervisor's own exit status where it could not take the attempt.</summary>
    public const int CouldNotBegin = 125;

    static readonly string Script = ReadScript("supervisor.sh");

    static readonly string Reaper = ReadScript("reaper.sh");

    /// <summary>Starts it.</summary>
    /// <exception cref="LaunchException">The kernel refused.</exception>
    public static LaunchedProcess Start(LaunchPlan plan, RunDirectory directory, int attempt)
    {
        var start = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = plan.WorkingDirectory,
            UseShellExecute = false,
            // The script leaves these pipes at once; without them the runtime would take the terminal's settings for the child.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Command(directory.Process(attempt), directory.ExitStatus(attempt), directory.Stdout(attempt), directory.Stderr(attempt), plan.Command))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in plan.Environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        try
        {
            var process = Process.Start(start) ?? throw new LaunchException("the supervisor did not start");
            process.StandardInput.Dispose();
            process.StandardOutput.Dispose();
            process.StandardError.Dispose();
            // Already gone and reaped: then the files tell.
            return new LaunchedProcess(ProcessIdentity.Of(process.Id) ?? new ProcessIdentity(process.Id, -1), process);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new LaunchException($"program '{plan.Command[^1]}' cannot be started on {Environment.MachineName}: {e.Message}", e);
        }
    }

    /// <summary>The supervisor's own command line: all texts are arguments, none goes into the script.</summary>
    public static IReadOnlyList<string> Command(string process, string exit, string stdout, string stderr, IReadOnlyList<string> program) =>
        ["sh", "-c", Script, "holoflow-run", process, exit, stdout, stderr, .. program];

    /// <summary>The same for a job, whose node alone can end what the program leaves behind.</summary>
    public static IReadOnlyList<string> CommandOfJob(string process, string exit, string stdout, string stderr, IReadOnlyList<string> program) =>
        Command(process, exit, stdout, stderr, ["sh", "-c", Reaper, "holoflow-job", .. program]);

    static string ReadScript(string name)
    {
        using var stream = typeof(Supervisor).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is missing from the assembly");
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Where(line => !line.TrimStart().StartsWith('#') && line.Length > 0));
    }
}
