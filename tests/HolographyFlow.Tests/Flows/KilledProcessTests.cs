namespace Holoflow.HolographyFlow.Tests.Flows;

/// <summary>A worker that is killed (HOLOGRAPHY section 9.6): the flow's process dies by a signal that it cannot catch, while it writes a file.</summary>
public sealed class KilledProcessTests
{
    const int FileSizeSignal = 128 + 25, KillSignal = 128 + 9;
    static readonly string[] LooksAgain = ["resolve-scheduling-block", "stage-measurement-sets", "admit", "verify-products", "announce"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_killed_in_the_middle_of_H5_H8_H10_and_H11_resumes_and_leaves_the_same_bytes()
    {
        using var observation = await SmallObservation.Simulate(p => p with { Channels = 16 });
        await observation.Reduced();
        var whole = observation.Contents();
        foreach (var folder in new[] { "intermediate", "products", "reports" })
            Directory.Delete(Path.Combine(observation.Root, folder), recursive: true);
        using var flow = new FlowProcess(observation.Reduction);

        // Voltages of a beam are 200 kB, its mean 570 kB, the cube 840 kB.
        await DiesWriting("volt.b", 100_000);
        await DiesWriting("mean.b", 400_000);
        await KilledAtTheFirstByteOf("clean.b", 700_000);
        await DiesWriting("cube.fits", 700_000);
        using var last = flow.Start();
        await last.WaitForExitAsync(Cancellation);
        Assert.True(last.ExitCode == 0, await last.StandardError.ReadToEndAsync(Cancellation));

        Assert.Equal(whole, observation.Contents());
        var states = flow.States();
        foreach (var killed in new[] { "extract-voltages", "regrid-and-mean", "write-cube" })
            Assert.Contains(states, task => task.Key.StartsWith(killed, StringComparison.Ordinal) && task.Value.Count(state => state == "Running") > 1);
        Assert.All(states.Where(task => !LooksAgain.Any(name => task.Key.StartsWith(name, StringComparison.Ordinal))), task =>
        {
            Assert.Equal("Completed", task.Value[^1]);
            Assert.DoesNotContain("Running", task.Value.SkipWhile(state => state != "Completed"));
        });

        async Task DiesWriting(string file, long largest)
        {
            using var process = flow.Start(largest);
            await process.WaitForExitAsync(Cancellation);
            Assert.True(process.ExitCode == FileSizeSignal, $"it ended with {process.ExitCode}: {await process.StandardError.ReadToEndAsync(Cancellation)}");
            Assert.Contains(observation.Contents().Keys, name => name.Contains(file, StringComparison.Ordinal) && name.EndsWith(".partial", StringComparison.Ordinal));
            WhatHasItsNameIsWhole();
        }

        async Task KilledAtTheFirstByteOf(string file, long largest)
        {
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var watcher = new FileSystemWatcher(Path.Combine(observation.Root, "intermediate"), $"{file}*.partial") { EnableRaisingEvents = true };
            watcher.Created += (_, _) => begun.TrySetResult();
            using var process = flow.Start(largest);
            await Task.WhenAny(begun.Task, process.WaitForExitAsync(Cancellation));
            process.Kill();
            await process.WaitForExitAsync(Cancellation);
            Assert.True(process.ExitCode is KillSignal or FileSizeSignal, $"it ended with {process.ExitCode}: {await process.StandardError.ReadToEndAsync(Cancellation)}");
            // Where the process was quicker than the word of it, that is still on its way.
            await begun.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
            WhatHasItsNameIsWhole();
        }

        void WhatHasItsNameIsWhole() => Assert.All(observation.Contents().Where(found => !found.Key.EndsWith(".partial", StringComparison.Ordinal)), found => Assert.Equal(whole[found.Key], found.Value));
    }
}
