using Holoflow.Persistence;
using Holoflow.Persistence.Writes;

namespace Holoflow.Cli.Tests.Processes;

/// <summary><c>holoflow database check</c> on the history of a real run, and on one that cannot be.</summary>
public sealed class DatabaseCheckTests : IDisposable
{
    readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_history_that_cannot_be_is_named_and_ends_with_exit_code_1()
    {
        Assert.Equal(0, (await HoloflowProcess.Run(_home.Path, "run", HoloflowProcess.Sample("Mapped"), "-p", "count=3")).ExitCode);
        var sound = await HoloflowProcess.Run(_home.Path, "database", "check");
        Assert.Equal(0, sound.ExitCode);
        Assert.Contains("sound", sound.Output, StringComparison.Ordinal);
        Assert.Contains("the histories of 1 flow runs and 4 task runs are legal", sound.Output, StringComparison.Ordinal);

        await using (var writer = new DatabaseWriter(Database.At(_home.In("holoflow.db"))))
            _ = await writer.Write(session => session.Execute("DELETE FROM flow_run_states WHERE version = 2"), TestContext.Current.CancellationToken);

        var planted = await HoloflowProcess.Run(_home.Path, "database", "check");
        Assert.Equal(1, planted.ExitCode);
        Assert.Matches("^flow run [0-9a-f-]{36}: version 1 is followed by version 3\n$", planted.Output);
        Assert.Contains("1 histories cannot be", Assert.Single(planted.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
