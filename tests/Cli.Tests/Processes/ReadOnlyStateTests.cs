using System.Diagnostics;

namespace Holoflow.Cli.Tests.Processes;

/// <summary>A state directory that may only be read: a bind mount in a mount namespace of the test's own.</summary>
public sealed class ReadOnlyStateTests
{
    // $1 the state directory, the rest the command.
    const string Script = """
        set -e
        mount --bind "$1" "$1"
        mount -o remount,ro,bind "$1"
        export HOLOFLOW_HOME="$1"
        shift
        exec "$@"
        """;

    [Fact]
    public async Task A_run_is_refused_in_one_line_that_names_the_directory()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, (await HoloflowProcess.Run(folder.Path, "run", HoloflowProcess.Sample("Empty"), "--plain")).ExitCode);

        var (exitCode, errors) = await ReadOnly(folder.Path, "run", HoloflowProcess.Sample("Empty"), "--plain");

        Assert.Equal(1, exitCode);
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(folder.Path, line, StringComparison.Ordinal);
    }

    static async Task<(int ExitCode, string Errors)> ReadOnly(string home, params string[] arguments)
    {
        var start = new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "sh", "-c", Script, "sh", home, HoloflowProcess.Executable, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        return (process.ExitCode, await errors);
    }
}
