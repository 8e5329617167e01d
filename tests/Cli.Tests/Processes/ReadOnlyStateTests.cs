using Holoflow.Servers;

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

        var outcome = await MountedScript.Run(
            Script,
            [folder.Path, HoloflowProcess.Executable, "run", HoloflowProcess.Sample("Empty"), "--plain"],
            new Dictionary<string, string>(StringComparer.Ordinal),
            TestContext.Current.CancellationToken);

        Assert.Equal(1, outcome.ExitCode);
        var line = Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(folder.Path, line, StringComparison.Ordinal);
    }
}
