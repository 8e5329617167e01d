namespace Holoflow.Cli.Tests.Processes;

/// <summary>What is kept of ended runs, and for how long.</summary>
public sealed class HistoryCommandsTests : IDisposable
{
    readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Runs_that_ended_long_enough_ago_are_deleted_with_their_files()
    {
        Assert.Equal(0, (await Run("run", HoloflowProcess.Sample("Mapped"), "-p", "count=2")).ExitCode);
        Assert.Equal(0, (await Run("run", HoloflowProcess.Sample("Empty"))).ExitCode);
        Assert.Equal("0 flow runs deleted", Assert.Single((await Run("flow-run", "delete", "--older-than", "1h")).Lines));
        Assert.Equal("1 flow run deleted", Assert.Single((await Run("flow-run", "delete", "--older-than", "0s", "--flow", "mapped")).Lines));
        var left = Assert.Single(await JsonOutput.Rows(_home.Path, "flow-run", "ls"));
        Assert.Equal("empty", left.At("flowName"));
        Assert.Equal(left.At("id"), Path.GetFileName(Assert.Single(Directory.GetDirectories(_home.In("runs")))));
        Assert.Equal(0, (await Run("database", "check")).ExitCode);
    }

    [Fact]
    public async Task A_run_is_written_into_a_file_and_taken_in_by_another_home()
    {
        using var other = new TemporaryFolder();
        var file = _home.In("run.tar.gz");
        Assert.Equal(0, (await Run("run", HoloflowProcess.Sample("Mapped"), "-p", "count=3")).ExitCode);
        var run = Assert.Single(await JsonOutput.Rows(_home.Path, "flow-run", "ls"));
        var exported = await Run("flow-run", "export", run.At("name")!, "-o", file);
        Assert.True(exported.ExitCode == 0, exported.Errors);
        Assert.Contains("is there already", (await Run("flow-run", "export", run.At("name")!, "-o", file)).Errors, StringComparison.Ordinal);
        Assert.EndsWith(": imported", Assert.Single((await HoloflowProcess.Run(other.Path, "import", file)).Lines), StringComparison.Ordinal);
        Assert.Contains("nothing to do", Assert.Single((await HoloflowProcess.Run(other.Path, "import", file)).Lines), StringComparison.Ordinal);
        Assert.Equal((await Run("flow-run", "logs", run.At("id")!)).Output, (await HoloflowProcess.Run(other.Path, "flow-run", "logs", run.At("id")!)).Output);
        Assert.Equal((await Run("flow-run", "inspect", run.At("id")!, "--json")).Output, (await HoloflowProcess.Run(other.Path, "flow-run", "inspect", run.At("id")!, "--json")).Output);
        Assert.Equal(0, (await HoloflowProcess.Run(other.Path, "database", "check")).ExitCode);

        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))[..1000], TestContext.Current.CancellationToken);
        var cut = await HoloflowProcess.Run(other.Path, "import", file);
        Assert.Equal(2, cut.ExitCode);
        Assert.Contains("the archive is refused", cut.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cannot be read", "import", "/nowhere/at-all.tar.gz")]
    [InlineData("must end in .tar.gz", "flow-run", "export", "some-run", "-o", "x.zip")]
    [InlineData("one of the two", "flow-run", "delete")]
    [InlineData("one of the two", "flow-run", "delete", "some-run", "--older-than", "1d")]
    [InlineData("is no duration", "flow-run", "delete", "--older-than", "soon")]
    [InlineData("--flow goes with --older-than only", "flow-run", "delete", "some-run", "--flow", "x")]
    public async Task Bad_input_is_one_line_and_exit_code_2(string says, params string[] arguments)
    {
        var outcome = await Run(arguments);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(says, outcome.Errors, StringComparison.Ordinal);
    }

    Task<CommandOutcome> Run(params string[] arguments) => HoloflowProcess.Run(_home.Path, arguments);
}
