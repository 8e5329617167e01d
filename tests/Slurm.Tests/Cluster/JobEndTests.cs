using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Queue;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Tests.Support;

namespace Holoflow.Slurm.Tests.Cluster;

/// <summary>How jobs begin and end on a real Slurm.</summary>
public sealed class JobEndTests(SharedCluster shared)
{
    readonly Bench _bench = new(shared.Cluster);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_runs_and_leaves_its_marks()
    {
        var request = _bench.Request("/bin/sh", "-c", "echo out; echo err >&2; exit 3");
        var job = await _bench.Submit(request);
        var entry = await _bench.UntilOver(job);

        Assert.Equal(JobStateKind.Failed, entry.State.Kind);
        Assert.Equal(new JobExit(3, 0), entry.Exit);
        Assert.Equal(request.Key, entry.Key);
        Assert.Equal("out\n", await File.ReadAllTextAsync(Path.Combine(request.Directory, "job.0.stdout"), Cancellation));
        Assert.Equal("err\n", await File.ReadAllTextAsync(Path.Combine(request.Directory, "job.0.stderr"), Cancellation));
        Assert.Contains("exit=3", await File.ReadAllLinesAsync(Path.Combine(request.Directory, "job.0.ended"), Cancellation));
        Assert.Equal(job, new JobDirectory(request.Directory).Claimant);
    }

    [Fact]
    public async Task An_array_runs_throttled_and_is_cancelled_in_one_call_with_others()
    {
        var array = await _bench.Submit(_bench.Request("/bin/sleep", "300") with { Array = [0, 1, 2, 5, 7], Throttle = 2 });
        var other = await _bench.Submit(_bench.Request("/bin/sleep", "300"));
        await _bench.UntilRunning(other);
        await _bench.Until(array, e => e.State.Kind == JobStateKind.Running, 0);
        await _bench.Until(array, e => e.State.Kind == JobStateKind.Running, 1);
        var queue = await _bench.Queue();
        Assert.Equal(2, queue.Entries.Count(e => e.ArrayJobId == array && e.State.Kind == JobStateKind.Running));
        var waiting = queue.Find(array, 7)!;
        Assert.Equal([2, 5, 7], waiting.Tasks!.Indices);
        Assert.Equal(2, waiting.Tasks.Throttle);

        Assert.Null(await _bench.Site.Cancel([(array, 0), (array, 5), (array, 7), (other, null), (999999, null)], Cancellation));

        Assert.Equal(JobStateKind.Cancelled, (await _bench.UntilOver(other)).State.Kind);
        Assert.Equal(JobStateKind.Cancelled, (await _bench.UntilOver(array, 0)).State.Kind);
        // A task of an array that never started has no line of its own, and leaves none behind.
        Assert.Null((await _bench.Queue()).Find(array, 7));
        Assert.Equal(JobStateKind.Running, (await _bench.Until(array, e => e.State.Kind == JobStateKind.Running, 2)).State.Kind);
        Assert.Null(await _bench.Site.Cancel([(array, null)], Cancellation));
        await _bench.UntilOver(array, 2);
    }
}
