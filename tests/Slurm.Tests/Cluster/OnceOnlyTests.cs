using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Follow;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Tests.Support;

namespace Holoflow.Slurm.Tests.Cluster;

/// <summary>Work is done once, though Slurm has it twice.</summary>
public sealed class OnceOnlyTests(SharedCluster shared)
{
    readonly Bench _bench = new(shared.Cluster);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_jobs_with_one_directory_one_does_the_work()
    {
        var request = _bench.Request("/bin/sh", "-c", "echo done >>work; sleep 3") with { Hold = true };
        var first = await _bench.Submit(request);
        var again = await _bench.Calls.Run(new("sbatch", SubmitArguments.Of(request), CallUrgency.Submit), Cancellation);
        var second = long.Parse(again.Output);
        foreach (var job in new[] { second, first })
            Assert.Null(await _bench.Site.Release(job, Cancellation));
        foreach (var job in new[] { second, first })
            await _bench.UntilOver(job);

        Assert.Equal("done\n", await File.ReadAllTextAsync(Path.Combine(request.Directory, "work"), Cancellation));
        var claimant = new JobDirectory(request.Directory).Claimant!.Value;
        Assert.Equal(new SubmitOutcome.Accepted(claimant, WasFound: true), await _bench.Submitter.Submit(request, Cancellation));
        Assert.Contains($"job {claimant} has this work", await File.ReadAllTextAsync(Path.Combine(request.Directory, $"slurm-{(claimant == first ? second : first)}.out"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finished_job_that_is_requeued_does_not_work_again()
    {
        var request = _bench.Request("/bin/sh", "-c", "echo done >>work") with { Requeue = true };
        var job = await _bench.Submit(request);
        await _bench.UntilOver(job);
        Assert.Null(await _bench.Site.Requeue(job, Cancellation));
        await shared.Cluster.Ask("scontrol", "update", $"jobid={job}", "StartTime=now+2");
        await _bench.Until(job, e => e is { Restarts: 1, State.IsEnd: true });
        Assert.Equal("done\n", await File.ReadAllTextAsync(Path.Combine(request.Directory, "work"), Cancellation));
    }

    [Fact]
    public async Task What_a_dead_flow_left_behind_is_found_by_its_run_and_cancelled()
    {
        var jobs = new List<long>();
        for (var i = 0; i < 5; i++)
            jobs.Add(await _bench.Submit(_bench.Request("/bin/sleep", "600") with { Array = i == 0 ? [0, 1, 2] : null }));
        var other = new Bench(shared.Cluster);
        var kept = await other.Submit(other.Request("/bin/sleep", "600") with { Hold = true });
        var left = (await _bench.Queue()).LeftOf(_bench.Run);
        Assert.Equal(jobs, left.Order());

        Assert.Null(await new RunJobs(_bench.Site, TimeProvider.System).End(_bench.Run, TimeSpan.FromMinutes(3), Cancellation));
        Assert.Empty((await _bench.Queue()).LeftOf(_bench.Run));
        Assert.Equal([kept], (await _bench.Queue()).LeftOf(other.Run));
        Assert.Null(await _bench.Site.Cancel([(kept, null)], Cancellation));
    }
}
