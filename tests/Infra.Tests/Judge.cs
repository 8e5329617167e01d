using System.Diagnostics;
using Holoflow.Infra.Tests.HeadNode;

namespace Holoflow.Infra.Tests;

/// <summary>A program that judges a file, from Debian's packages.</summary>
static class Judge
{
    public static async Task<ScriptOutcome> Ask(string program, string package, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var path = $"/usr/bin/{program}";
        if (!File.Exists(path))
            throw new InvalidOperationException($"{program} is missing: install the Debian package {package}");
        var start = new ProcessStartInfo(path, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ScriptOutcome(process.ExitCode, output, await errors);
    }
}
