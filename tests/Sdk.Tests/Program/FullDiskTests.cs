using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;
using Holoflow.Sdk.Tests.Support;
using Holoflow.Servers;

namespace Holoflow.Sdk.Tests.Program;

/// <summary>A flow process whose run directory is on a disk that fills up: a small tmpfs in a mount namespace of its own.</summary>
public class FullDiskTests
{
    // $1 the folder, $2 the program, $3 what happens once the disk is full.
    const string Script = """
        set -e
        mount -t tmpfs -o size=96k tmpfs "$1/run"
        cp "$1"/input/* "$1/run"
        : > "$1/errors"
        dotnet "$2" 2>> "$1/errors" &
        flow=$!
        # What it says of its 500 tasks is more than the disk takes, whichever of its two files is full first.
        until grep -q 'the run journal cannot be written' "$1/errors"; do sleep 0.1; done
        eval "$3"
        status=0
        wait $flow || status=$?
        cp "$1/run/journal.ndjson" "$1/journal"
        exit $status
        """;

    [Fact]
    public async Task TheFlowWaitsAndGoesOnWithoutAGap()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal((0, ""), await Run(folder, "mount -o remount,size=64m \"$1/run\""));
        var entries = (await File.ReadAllLinesAsync(folder.File("journal"), TestContext.Current.CancellationToken))
            .Select(line => JsonSerializer.Deserialize(line, JournalFormat.Default.JournalEntry)!).ToList();
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(n => (long)n), entries.Select(entry => entry.Sequence));
        Assert.Equal(500, entries.OfType<TaskChanged>().Count(change => change.Type == "Completed"));
        Assert.Equal("Completed", Assert.IsType<FlowEnded>(entries[^1]).Type);
        Assert.Contains("can be written again", await File.ReadAllTextAsync(folder.File("errors"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACancelledFlowEndsAlthoughTheDiskStaysFull()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal((143, ""), await Run(folder, "kill $flow"));
        Assert.Contains("the end of the run could not be written: No space left on device", await File.ReadAllTextAsync(folder.File("errors"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    static async Task<(int ExitCode, string Errors)> Run(TemporaryFolder folder, string then)
    {
        var run = new RunDirectory(Directory.CreateDirectory(folder.File("run")).FullName);
        var input = new RunDirectory(Directory.CreateDirectory(folder.File("input")).FullName);
        var description = new RunDescription { RunId = Guid.CreateVersion7(), RunName = "full", FlowName = "no-ops", Attempt = 1, Epoch = 1 };
        await File.WriteAllBytesAsync(input.Description, JsonSerializer.SerializeToUtf8Bytes(description, JournalFormat.Default.RunDescription));
        await File.WriteAllTextAsync(input.Parameters, """{"count": 500}""");
        var outcome = await MountedScript.Run(
            Script,
            [folder.Path, FlowProcess.Program, then],
            new Dictionary<string, string>(StringComparer.Ordinal) { [RunEnvironment.RunDirectory] = run.Path, [RunEnvironment.Method] = "NoOps", [RunEnvironment.Home] = folder.File("home") },
            TestContext.Current.CancellationToken);
        return (outcome.ExitCode, outcome.Errors);
    }
}
