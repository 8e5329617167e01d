using System.Collections;
using System.ComponentModel;
using Holoflow.Agent.Processes;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Launch;

/// <summary>Starts the supervisor of an attempt: a few lines of <c>sh</c> that outlive the agent.</summary>
static class Supervisor
{
    /// <summary>The supervisor's own exit status where it could not take the attempt.</summary>
    public const int CouldNotBegin = 125;

    static readonly string Attended = ReadScript("supervisor.sh") + "\n" + ReadScript("attended.sh");

    static readonly string Unattended = ReadScript("supervisor.sh") + "\n" + ReadScript("unattended.sh");

    static readonly string Reaper = ReadScript("reaper.sh");

    /// <summary>Starts it.</summary>
    /// <exception cref="LaunchException">The kernel refused.</exception>
    public static LaunchedProcess Start(LaunchPlan plan, RunDirectory directory, int attempt, OutputKeeper keeper)
    {
        try
        {
            var (output, errors, word) = (Pipe.Open(), Pipe.Open(), Pipe.Open());
            using var childsOutput = output.Write;
            using var childsErrors = errors.Write;
            using var childsWord = word.Read;
            var child = ChildProcess.Start(
                Command(Attended, directory.Process(attempt), directory.ExitStatus(attempt), directory.Stdout(attempt), directory.Stderr(attempt), [plan.WorkingDirectory, .. plan.Command]),
                EnvironmentOf(plan),
                [null, null, null, output.Read, errors.Read, childsWord, childsOutput, childsErrors]);
            // Already gone and reaped: then the files tell.
            var launched = new LaunchedProcess(ProcessIdentity.Of(child.Id) ?? new ProcessIdentity(child.Id, -1), child);
            keeper.Keep([output.Read, errors.Read], [directory.Stdout(attempt), directory.Stderr(attempt)], word.Write);
            return launched;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new LaunchException($"program '{plan.Command[^1]}' cannot be started on {Environment.MachineName}: {e.Message}", e);
        }
    }

    /// <summary>The supervisor's command line in a job, whose node alone can end what the program leaves behind: all texts are arguments, none goes into the script.</summary>
    public static IReadOnlyList<string> CommandOfJob(string process, string exit, string stdout, string stderr, IReadOnlyList<string> program) =>
        Command(Unattended, process, exit, stdout, stderr, ["sh", "-c", Reaper, "holoflow-job", .. program]);

    static IReadOnlyList<string> Command(string script, string process, string exit, string stdout, string stderr, IReadOnlyList<string> program) =>
        ["sh", "-c", script, "holoflow-run", process, exit, stdout, stderr, .. program];

    static Dictionary<string, string> EnvironmentOf(LaunchPlan plan)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        foreach (var (name, value) in plan.Environment)
        {
            if (value is null)
                environment.Remove(name);
            else
                environment[name] = value;
        }

        return environment;
    }

    static string ReadScript(string name)
    {
        using var stream = typeof(Supervisor).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is missing from the assembly");
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Where(line => !line.TrimStart().StartsWith('#') && line.Length > 0));
    }
}
