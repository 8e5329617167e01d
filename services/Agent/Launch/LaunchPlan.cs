using System.Runtime.InteropServices;
using Holoflow.Agent.Processes;
using Holoflow.Contracts;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Launch;

/// <summary>What is executed for a run, where, and in which environment.</summary>
sealed record LaunchPlan(IReadOnlyList<string> Command, string WorkingDirectory, IReadOnlyDictionary<string, string?> Environment)
{
    const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Checks the program against this machine. A null value takes the variable out of the agent's environment.</summary>
    /// <exception cref="LaunchException">The program cannot be started here; the message names what is wrong.</exception>
    public static LaunchPlan Of(GrantedRun run, RunDirectory directory, AgentOptions options, string? traceParent = null) =>
        new(CommandOf(run.Program.Path), WorkingDirectoryOf(run.Program, directory), EnvironmentOf(run, directory, options, traceParent));

    static string[] CommandOf(string path)
    {
        RefuseNul(path, "program");
        if (!Path.IsPathFullyQualified(path))
            throw new LaunchException($"program '{path}' is not an absolute path");
        if (Directory.Exists(path))
            throw new LaunchException($"program '{path}' is a directory, not a program");
        if (!File.Exists(path))
            throw new LaunchException($"program '{path}' does not exist on {System.Environment.MachineName}");
        if (path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            return [DotnetHost(), path];
        if ((File.GetUnixFileMode(path) & AnyExecute) == 0)
            throw new LaunchException($"program '{path}' is not executable on {System.Environment.MachineName}: set its execute permission, or name a .dll");
        return [path];
    }

    static string WorkingDirectoryOf(RunProgram program, RunDirectory directory)
    {
        if (program.WorkingDirectory is not { } wanted)
            return directory.Path;
        RefuseNul(wanted, "working directory");
        return Directory.Exists(wanted)
            ? wanted
            : throw new LaunchException($"working directory '{wanted}' does not exist on {System.Environment.MachineName}");
    }

    static Dictionary<string, string?> EnvironmentOf(GrantedRun run, RunDirectory directory, AgentOptions options, string? traceParent)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in options.RunEnvironment.Concat(run.Program.Environment))
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
                throw new LaunchException($"environment variable '{name.Replace('\0', '␀')}' has a name that no process can be given: it is empty or holds '=' or NUL");
            RefuseNul(value, $"environment variable '{name}'");
            environment[name] = value;
        }

        environment[RunEnvironment.RunDirectory] = directory.Path;
        environment[RunEnvironment.Launch] = LaunchMark(run.RunId, run.Epoch) + RunProcesses.PlumbingMark;
        environment[RunEnvironment.Method] = run.Program.Method;
        environment[RunEnvironment.DescribeTo] = null;
        environment[RunEnvironment.TraceParent] = traceParent;
        environment[RunEnvironment.Home] = options.Home;
        RefuseNul(run.Program.Method ?? "", "method");
        return environment;
    }

    /// <summary>The value of <see cref="RunEnvironment.Launch"/>.</summary>
    public static string LaunchMark(Guid runId, long epoch) => $"{runId:N}.{epoch}";

    // The host that runs this agent knows the runtime that the flow was built for; a PATH may know none.
    static string DotnetHost()
    {
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(beside) ? beside : "dotnet";
    }

    static void RefuseNul(string value, string what)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new LaunchException($"{what} holds a NUL character, which no process can be given");
    }
}

/// <summary>A run cannot be started.</summary>
sealed class LaunchException : Exception
{
    public LaunchException(string message)
        : base(message)
    {
    }

    public LaunchException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>True where this machine is at fault, not the program: another agent, or this one later, may do better.</summary>
    public bool IsLocal { get; init; }
}
