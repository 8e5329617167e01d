using System.Reflection;
using System.Runtime.InteropServices;
using Holoflow.RunProtocol;

namespace Holoflow.Sdk;

/// <summary>A flow program that a person started: it becomes <c>holoflow run PROGRAM[:METHOD] ARGUMENTS</c>.</summary>
static partial class StartedByHand
{
    public static int Run(Assembly flows, string[] args)
    {
        var catalog = FlowCatalog.Of(flows);
        foreach (var mistake in catalog.Mistakes)
            Console.Error.WriteLine($"holoflow: {mistake}");
        if (catalog.Mistakes.Count > 0)
            return ExitCodes.WrongInput;
        var named = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : null;
        if (catalog.Find(named, out var mistakenName) is not { } flow)
        {
            Console.Error.WriteLine($"holoflow: {mistakenName}");
            return ExitCodes.WrongInput;
        }
        if (FindCommand() is not { } command)
        {
            Console.Error.WriteLine($"holoflow: the holoflow command was not found: put it on PATH, or name it in {RunEnvironment.Command}");
            return ExitCodes.WrongInput;
        }
        var entrypoint = catalog.Flows.Count == 1 ? Itself(flows) : $"{Itself(flows)}:{flow.MethodName}";
        string[] words = command.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", command] : [command];
        var error = Become([.. words, "run", entrypoint, .. named is null ? args : args[1..]]);
        Console.Error.WriteLine($"holoflow: {command} cannot be started: {error}");
        return ExitCodes.WrongInput;
    }

    static string Itself(Assembly flows) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? flows.Location : Environment.ProcessPath!;

    static string? FindCommand()
    {
        if (Environment.GetEnvironmentVariable(RunEnvironment.Command) is { Length: > 0 } named)
            return named;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, "holoflow"))
            .FirstOrDefault(File.Exists);
    }

    // The command takes this process's place, so that the terminal and its signals are its own.
    static string Become(string[] words)
    {
        _ = Execute(words[0], [.. words, null]);
        return Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "execvp", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Execute(string file, string?[] arguments);
}
