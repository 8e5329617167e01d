using System.ComponentModel;
using System.Diagnostics;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>One execution of a command: its process group from start to end.</summary>
sealed class CommandExecution(Command command, TaskContext task)
{
    public async Task<CommandResult> Run()
    {
        task.Cancellation.ThrowIfCancellationRequested();
        using var process = Start();
        var group = new ProcessGroup(process);
        var output = new LineRelay(process.StandardOutput, task.Log.Named("stdout"), LogLevel.Information);
        var errors = new LineRelay(process.StandardError, task.Log.Named("stderr"), LogLevel.Warning);
        var relays = Task.WhenAll(output.Run(), errors.Run());
        _ = Feed(process);
        using var limit = command.Timeout is { } timeout ? new CancellationTokenSource(timeout, task.Time) : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, task.Cancellation);
        var stopped = !await Exited(process, stop.Token);
        if (stopped)
            await group.End(command.Grace, task.Time);
        await EndLeftovers(group, relays);
        if (stopped)
        {
            task.Cancellation.ThrowIfCancellationRequested();
            throw new TaskTimedOutException($"{command.Program} took longer than its timeout of {command.Timeout}; its process group was ended");
        }
        var result = new CommandResult(process.ExitCode, output.Last, errors.Last);
        return command.SuccessExitCodes.Contains(result.ExitCode) ? result : throw new CommandFailedException(command, result);
    }

    Process Start()
    {
        // setsid makes the program the leader of a process group of its own, under the process id that it is started with.
        var start = new ProcessStartInfo("setsid", [ProgramPath(), .. command.Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.WorkingDirectory ?? "",
        };
        foreach (var word in command.Arguments.Prepend(command.Program).Where(word => word.Contains('\0', StringComparison.Ordinal)))
            throw new CommandFailedException($"the argument '{word.Replace("\0", "␀", StringComparison.Ordinal)}' of {command.Program} holds a NUL character, which no argument can carry");
        // A flow program among the commands is a run of its own. It keeps the launch, by which the agent finds it again.
        start.Environment.Remove(RunEnvironment.RunDirectory);
        start.Environment.Remove(RunEnvironment.Method);
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new CommandFailedException($"{command.Program} cannot be started: {e.Message}", e);
        }
    }

    string ProgramPath()
    {
        if (command.WorkingDirectory is { } directory && !Directory.Exists(directory))
            throw new CommandFailedException($"{command.Program} cannot be started: its working directory '{directory}' does not exist");
        var searchPath = command.Environment.TryGetValue("PATH", out var own) ? own : Environment.GetEnvironmentVariable("PATH");
        return ExecutablePath.Find(command.Program, searchPath ?? "", command.WorkingDirectory ?? Environment.CurrentDirectory)
            ?? throw new CommandFailedException($"the program '{command.Program}' {(command.Program.Contains('/', StringComparison.Ordinal) ? "is no executable file" : "was not found on PATH")}");
    }

    async Task Feed(Process process)
    {
        try
        {
            await using var input = process.StandardInput;
            if (command.StandardInput is { } text)
                await input.WriteAsync(text);
        }
        catch (IOException)
        {
            // The program does not read what it is given: its own affair.
            return;
        }
    }

    static async Task<bool> Exited(Process process, CancellationToken stop)
    {
        await process.WaitForExitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return process.HasExited;
    }

    async Task EndLeftovers(ProcessGroup group, Task relays)
    {
        if (group.IsAlive)
        {
            task.Log.Warning("{program} left processes behind; they are ended", command.Program);
            await group.End(command.Grace, task.Time);
        }
        // A process that left the group may hold the streams open for ever.
        await Task.WhenAny(relays, Task.Delay(command.Grace, task.Time, CancellationToken.None));
    }
}
