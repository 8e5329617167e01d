namespace Holoflow.HolographyFlow.Tests.Flows;

public sealed class ResumeTests
{
    static readonly string[] Beamwise = ["validate-measurement-set", "extract-voltages", "flag-rfi", "regrid-and-mean", "clean-spectra"];

    [Fact]
    public async Task A_run_that_met_a_full_disk_goes_on_at_the_failed_task_and_executes_no_finished_one_again()
    {
        using var observation = await SmallObservation.Simulate();
        using var flow = observation.Flow();
        var cube = Path.Combine(Directory.CreateDirectory(observation.Products).FullName, "akpb.iquv.square-2x2.54.1082MHz.SB42.cube.fits");
        File.CreateSymbolicLink(cube + ".partial", "/dev/full");
        var failed = await flow.Run(TestContext.Current.CancellationToken);
        Assert.Equal("Failed", failed.State.Name);
        Assert.Equal("Failed", failed.TaskRuns.Single(task => task.TaskName == "write-cube").State?.Name);
        Assert.DoesNotContain(Directory.EnumerateFiles(observation.Products), file => file.EndsWith(".partial", StringComparison.Ordinal));
        Assert.False(File.Exists(cube));

        var resumed = await flow.Run(TestContext.Current.CancellationToken);
        Assert.True(resumed.State.IsCompleted, $"{resumed.State}\n{resumed.Failure}");
        Assert.All(resumed.TaskRuns.Where(task => Beamwise.Contains(task.TaskName)), task => Assert.Equal(1, task.Executions));
        Assert.Equal(3 * Beamwise.Length, resumed.TaskRuns.Count(task => Beamwise.Contains(task.TaskName)));
        Assert.Equal(2, resumed.TaskRuns.Single(task => task.TaskName == "write-cube").Executions);
        Assert.Equal(1, resumed.TaskRuns.Single(task => task.TaskName == "write-taylor").Executions);
        Assert.True(resumed.Result.IsComplete);
    }

    [Fact]
    public async Task A_new_run_takes_up_whole_files_of_the_same_inputs_and_makes_others_again()
    {
        using var observation = await SmallObservation.Simulate();
        await observation.Reduced();
        var files = Directory.GetFiles(Path.Combine(observation.Root, "intermediate"), "*.b00.fits").Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["clean.b00.fits", "flags.b00.fits", "mean.b00.fits", "volt.b00.fits"], files.Select(Path.GetFileName));
        var before = files.Select(File.GetLastWriteTimeUtc).ToArray();
        await observation.Reduced();
        Assert.Equal(before, files.Select(File.GetLastWriteTimeUtc));
        await File.WriteAllTextAsync(files[2], "torn", TestContext.Current.CancellationToken);
        await observation.Reduced(p => p with { LeakageFloor = 0.02 });
        var after = files.Select(File.GetLastWriteTimeUtc).ToArray();
        Assert.True(after[0] > before[0], "another leakage floor makes other planes");
        Assert.Equal((before[1], before[3]), (after[1], after[3]));
        Assert.True(new FileInfo(files[2]).Length > 1000, "a torn file is made again");
    }

    [Fact]
    public async Task A_MeasurementSet_that_was_repaired_between_attempts_is_looked_at_again()
    {
        using var observation = await SmallObservation.WithFault("missing-beam:1");
        using var flow = observation.Flow();
        Assert.Equal("Failed", (await flow.Run(TestContext.Current.CancellationToken)).State.Name);
        using var whole = await SmallObservation.Simulate();
        Directory.Move(Path.Combine(whole.Root, "SB42_1.ms"), Path.Combine(observation.Root, "SB42_1.ms"));
        var run = await flow.Run(TestContext.Current.CancellationToken);
        Assert.True(run.State.IsCompleted, $"{run.State}\n{run.Failure}");
        Assert.True(run.Result.IsComplete);
    }
}
