using Holoflow.Servers;

namespace Holoflow.Cli.Tests.Processes;

/// <summary>A disk of a few megabytes that is really full, under the database or under the run directories: nothing is lost or done twice.</summary>
public sealed class FullDiskTests : IDisposable
{
    const int Tasks = 400;
    const int Lines = 6;

    // $1 the test's folder, $2 the command, $3 the entrypoint. Which disk is full is decided by the line before.
    const string FillInTheMiddle = """
        set -e
        mkdir "$1/home" "$1/done" "$1/left" "$1/runs"
        if [ "$4" = database ]; then
            full=$1/home
            mount -t tmpfs -o size=48m tmpfs "$full"
            mkdir "$1/home/runs"
            mount --bind "$1/runs" "$1/home/runs"
        else
            full=$1/home/runs
            mkdir "$full"
            mount -t tmpfs -o size=8m tmpfs "$full"
        fi
        export HOLOFLOW_HOME="$1/home"
        "$2" run "$3" --plain -p directory="$1/done" -p release="$1/go" >"$1/output" & run=$!
        until [ "$(ls "$1/done" | wc -l)" -ge 200 ]; do kill -0 $run; sleep 0.1; done
        cat /dev/zero >"$full/ballast" 2>/dev/null || true
        touch "$1/go"
        until grep -q "$5" "$1/output"; do kill -0 $run; sleep 0.1; done
        rm "$full/ballast"
        wait $run
        cp "$1"/home/holoflow.db* "$1/left"
        """;

    // The flow fills the disk by what it prints.
    const string FillByOutput = """
        set -e
        mkdir "$1/left" "$1/left/runs"
        mount -t tmpfs -o size=1m tmpfs "$1/left/runs"
        export HOLOFLOW_HOME="$1/left"
        "$2" run "$3" --plain -p lines=60000 >"$1/output" & run=$!
        until [ "$(df --output=avail "$1/left/runs" | tail -1)" -eq 0 ]; do kill -0 $run; sleep 0.1; done
        mount -o remount,size=64m "$1/left/runs"
        wait $run
        """;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("database", "is full")]
    [InlineData("runs", "No space left on device")]
    public async Task A_run_waits_for_room_says_so_and_every_task_and_line_is_there_once(string disk, string told)
    {
        await Run(FillInTheMiddle, HoloflowProcess.Sample("CountedHalves"), disk, told);

        var left = _folder.In("left");
        Assert.Equal(Tasks, Directory.GetFiles(_folder.In("done")).Length);
        var tasks = await JsonOutput.Rows(left, "task-run", "ls", "--limit", "10000");
        Assert.Equal(Tasks + 1, tasks.Count(t => t.At("state", "type") == "Completed"));
        Assert.All(tasks, t => Assert.Equal("1", t.At("runCount")));
        var run = Assert.Single(await JsonOutput.Rows(left, "flow-run", "ls"));
        var texts = (await JsonOutput.Rows(left, "flow-run", "logs", run.At("id")!)).Select(l => l.At("text")!).ToList();
        Assert.Equal(Tasks * Lines, texts.Count(t => t.StartsWith("task ", StringComparison.Ordinal)));
        Assert.Equal(texts.Count, texts.Distinct().Count());
        Assert.True(texts.Count(t => t.StartsWith("printed ", StringComparison.Ordinal)) == Tasks * Lines / 2 || texts.Contains("[output was lost here: the disk was full]"));
    }

    [Fact]
    public async Task A_program_that_prints_onto_a_full_disk_waits_and_goes_on_and_what_is_lost_is_marked()
    {
        await Run(FillByOutput, HoloflowProcess.Sample("Prints"));

        var output = await File.ReadAllTextAsync(_folder.In("output"), TestContext.Current.CancellationToken);
        Assert.Contains("[output was lost here: the disk was full]", output, StringComparison.Ordinal);
        Assert.Contains("| 60000 xxx", output, StringComparison.Ordinal);
        Assert.Contains("of flow prints: Completed", output, StringComparison.Ordinal);
    }

    async Task Run(string script, params string[] arguments)
    {
        var outcome = await MountedScript.Run(
            script,
            [_folder.Path, HoloflowProcess.Executable, .. arguments],
            new Dictionary<string, string>(StringComparer.Ordinal),
            TestContext.Current.CancellationToken);
        var output = File.Exists(_folder.In("output")) ? await File.ReadAllTextAsync(_folder.In("output"), TestContext.Current.CancellationToken) : "";
        Assert.True(outcome.ExitCode == 0, $"exit {outcome.ExitCode}: {outcome.Errors}{output[Math.Max(0, output.Length - 2000)..]}");
    }
}
