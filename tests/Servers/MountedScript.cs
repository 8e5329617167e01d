using System.Diagnostics;

namespace Holoflow.Servers;

/// <summary>What a finished script left.</summary>
public sealed record ScriptOutcome(int ExitCode, string Output, string Errors);

/// <summary>
/// A shell script in a mount namespace of its own, where it may mount small and read-only file systems: for tests of full and
/// unwritable disks, without being root. What it mounts is gone with it.
/// </summary>
public static class MountedScript
{
    /// <summary>Runs a script to its end; <paramref name="arguments"/> are its <c>$1</c> and so on.</summary>
    /// <exception cref="InvalidOperationException">This machine lets nobody but root mount, not even in a namespace of his own.</exception>
    public static async Task<ScriptOutcome> Run(string script, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var probe = await Start("true", [], environment, cancellation);
        if (probe.ExitCode != 0)
            throw new InvalidOperationException($"a mount namespace is needed for a disk of the test's own, and this machine grants none ({probe.Errors.Trim()}): run the tests as root, or set user.max_user_namespaces and kernel.unprivileged_userns_clone");
        return await Start(script, arguments, environment, cancellation);
    }

    static async Task<ScriptOutcome> Start(string script, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "sh", "-c", script, "sh", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.WaitForExitAsync(cancellation);
            return new ScriptOutcome(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
