namespace Holoflow.Sdk;

/// <summary>
/// A program of any language, with an argument vector: no shell reads it, every text arrives byte for byte. Run it inside a task with
/// <see cref="Run"/>, or define a task of its own with <see cref="CommandTask"/>.
/// </summary>
/// <param name="Program">A name to be found on PATH, or a path.</param>
/// <param name="Arguments">The arguments; none may hold a NUL character.</param>
public sealed record Command(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Variables that are set (or, by null, removed) over those of this process.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Null: that of this process.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What the program reads; null: nothing.</summary>
    public string? StandardInput { get; init; }

    /// <summary>Exit codes that mean success.</summary>
    public IReadOnlyList<int> SuccessExitCodes { get; init; } = [0];

    /// <summary>How long the program may take from its start; then its process group is killed. Null: as long as its task.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long the process group has from SIGTERM until SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs the program, with both streams line by line into the task's log while it runs. Where the task is cancelled or out of time, the whole
    /// process group is ended; processes that the program leaves behind in its group are ended too.
    /// </summary>
    /// <exception cref="CommandFailedException">It could not be started, or its exit code is none of success.</exception>
    /// <exception cref="TaskTimedOutException">It took longer than <see cref="Timeout"/>.</exception>
    public Task<CommandResult> Run(TaskContext task) => new CommandExecution(this, task).Run();

    public override string ToString() => string.Join(' ', [Program, .. Arguments]);
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + n where signal n ended it.</param>
/// <param name="LastOutput">The last lines of its standard output.</param>
/// <param name="LastErrors">The last lines of its standard error.</param>
public sealed record CommandResult(int ExitCode, IReadOnlyList<string> LastOutput, IReadOnlyList<string> LastErrors);

/// <summary>A command could not be started or did not succeed.</summary>
public sealed class CommandFailedException : Exception
{
    internal CommandFailedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    internal CommandFailedException(Command command, CommandResult result)
        : base($"{command.Program} ended with exit code {result.ExitCode}{Tail(result)}") => Result = result;

    /// <summary>How it ended; null where it could not be started.</summary>
    public CommandResult? Result { get; }

    static string Tail(CommandResult result)
    {
        var lines = result.LastErrors.Count > 0 ? result.LastErrors : result.LastOutput;
        return lines.Count == 0 ? " and wrote nothing" : $": {lines[^1]}";
    }
}

/// <summary>Defines tasks that run a command.</summary>
public static class CommandTask
{
    /// <summary>A task that runs the command it is given.</summary>
    public static FlowTask<Command, CommandResult> Define(string name, TaskOptions? options = null) =>
        FlowTask.Define(name, (Command command, TaskContext task) => command.Run(task), options);

    /// <summary>A task that makes a command of its input and runs it: <c>CommandTask.Define("flag", (string ms) =&gt; new Command("aoflagger", ms))</c>.</summary>
    public static FlowTask<T1, CommandResult> Define<T1>(string name, Func<T1, Command> command, TaskOptions? options = null) =>
        FlowTask.Define(name, (T1 input, TaskContext task) => command(input).Run(task), options);
}
