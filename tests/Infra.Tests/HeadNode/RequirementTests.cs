using System.Diagnostics;

namespace Holoflow.Infra.Tests.HeadNode;

/// <summary>What the script says before it does anything.</summary>
public sealed class RequirementTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("holoflow-head-").FullName;

    [Fact]
    public async Task Everything_that_is_missing_is_named_at_once()
    {
        // A PATH with the script's own tools and nothing else.
        var tools = Directory.CreateDirectory(Path.Combine(_directory, "tools")).FullName;
        foreach (var tool in new[] { "bash", "dirname", "readlink", "realpath", "mkdir", "id", "find", "sort", "tail", "cat" })
            File.CreateSymbolicLink(Path.Combine(tools, tool), $"/usr/bin/{tool}");
        var outcome = await Run(tools, "start", "--directory", Path.Combine(_directory, "stack"), "--binaries", _directory);

        Assert.Equal(2, outcome.ExitCode);
        foreach (var missing in new[] { "setsid", "flock", "dotnet", "psql", "epmd", "Holoflow.StateStore.dll", "Holoflow.Agent.dll", "holoflow.dll" })
            Assert.Contains(missing, outcome.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_directory, "stack")));
    }

    [Theory]
    [InlineData("up", "'up' is no command")]
    [InlineData("start --colour red", "'--colour' is no option")]
    [InlineData("start --port", "--port needs a value")]
    [InlineData("start --port 99999 --binaries x", "--port 99999: a number from 1 to 65535 is expected")]
    [InlineData("start --runs many --binaries x", "--runs many: a whole number is expected")]
    public async Task A_mistake_is_one_line_and_exit_code_2(string arguments, string said)
    {
        var outcome = await Run(Environment.GetEnvironmentVariable("PATH")!, arguments.Split(' '));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(said, Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_stack_runs_the_environment_is_refused()
    {
        var outcome = await Run(Environment.GetEnvironmentVariable("PATH")!);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        Assert.Contains("no stack runs from", outcome.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    async Task<ScriptOutcome> Run(string path, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Checkout.Infra, "hpc", "holoflow-stack"), arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = _directory;
        start.Environment.Remove("HOLOFLOW_STACK");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ScriptOutcome(process.ExitCode, output, await errors);
    }
}
