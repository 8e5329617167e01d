using Holoflow.Servers;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Tests.Support;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Tests.Cluster;

/// <summary>Nodes and the controller of a cluster of this class's own are killed.</summary>
public sealed class BrokenClusterTests : IAsyncDisposable
{
    SlurmCluster? _cluster;
    Bench? _bench;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    SlurmCluster Cluster => _cluster!;

    Bench Bench => _bench!;

    async Task Begin(IReadOnlyDictionary<string, string>? settings = null)
    {
        _cluster = await SlurmCluster.Start(settings);
        _bench = new(_cluster);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_dead_node_a_requeue_after_it_and_a_more_important_job()
    {
        await Begin();
        var followed = new Followed(Bench.Site);
        var (once, again, low) = (OnNode("n4"), OnNode("n4") with { Requeue = true }, OnNode("n1") with { Requeue = true, Cores = 4 });
        var (onceJob, againJob, lowJob) = (await Bench.Submit(once), await Bench.Submit(again), await Bench.Submit(low));
        followed.Add(onceJob, once);
        followed.Add(againJob, again);
        followed.Add(lowJob, low);
        foreach (var job in new[] { onceJob, againJob, lowJob })
            await followed.Until(job, JobFate.Running);

        var high = OnNode("n1") with { Cores = 4, Partition = "urgent" };
        var highJob = await Bench.Submit(high);
        followed.Add(highJob, high);
        Assert.Equal(1, (await followed.Until(lowJob, JobFate.Requeued)).Verdict.Attempt);
        await followed.Until(highJob, JobFate.Running);

        await Cluster.KillNode("n4");
        Assert.Equal(JobFate.NodeFailed, (await followed.Over(onceJob)).Fate);
        Assert.Equal(1, (await followed.Until(againJob, JobFate.Requeued)).Verdict.Attempt);
        await Cluster.StartNode("n4");
        await Bench.Until(againJob, e => e is { Restarts: 1, State.Kind: JobStateKind.Pending });
        await Cluster.Ask("scontrol", "update", $"jobid={againJob}", "StartTime=now+2");
        await followed.Until(againJob, v => v is { Fate: JobFate.Running, Attempt: 1 });
        Assert.DoesNotContain(followed.FatesOf(againJob), fate => fate >= JobFate.Completed);
    }

    [Fact]
    public async Task The_controller_is_down_for_a_while()
    {
        await Begin();
        var followed = new Followed(Bench.Site);
        var (slow, quick) = (Bench.Request("/bin/sleep", "600"), Bench.Request("/bin/sh", "-c", "until [ -e go ]; do sleep 0.1; done; exit 5"));
        var (slowJob, quickJob) = (await Bench.Submit(slow), await Bench.Submit(quick));
        followed.Add(slowJob, slow);
        followed.Add(quickJob, quick);
        await followed.Until(slowJob, JobFate.Running);
        await followed.Until(quickJob, JobFate.Running);

        await Cluster.StopController();
        await File.WriteAllTextAsync(Path.Combine(quick.Directory, "go"), "", Cancellation);
        // Its mark tells what Slurm cannot.
        var verdict = await followed.Over(quickJob);
        Assert.Equal((JobFate.Failed, "its program ended with 5"), (verdict.Fate, verdict.Message));
        Assert.Contains("Slurm does not answer", (await followed.Until(slowJob, v => v.Message.Contains("does not answer", StringComparison.Ordinal))).Verdict.Message, StringComparison.Ordinal);

        var late = Bench.Request("/bin/true");
        Assert.IsType<SubmitOutcome.Unknown>(await Bench.Submitter.Submit(late, Cancellation));
        Assert.True(new JobDirectory(late.Directory).WasSubmitted);

        await Cluster.StartController();
        var outcome = Assert.IsType<SubmitOutcome.Accepted>(await Bench.Submitter.Submit(late, Cancellation));
        Assert.False(outcome.WasFound);
        followed.Add(outcome.JobId, late);
        var done = await followed.Over(outcome.JobId);
        Assert.Equal((JobFate.Completed, "its program ended with 0"), (done.Fate, done.Message));

        followed.Follower.NoteCancel(slow.Key, null);
        Assert.Null(await Bench.Site.Cancel([(slowJob, null)], Cancellation));
        Assert.Equal(JobFate.Cancelled, (await followed.Over(slowJob)).Fate);
        Assert.DoesNotContain(followed.FatesOf(slowJob), fate => fate is JobFate.Lost or JobFate.NeverStarted or JobFate.Completed);
    }

    [Fact]
    public async Task A_job_that_Slurm_has_forgotten_is_told_by_what_it_left()
    {
        // The controller asks its nodes every two seconds what they execute, and forgets a job as soon as it can.
        await Begin(new Dictionary<string, string>(StringComparer.Ordinal) { ["SlurmdTimeout"] = "6", ["MinJobAge"] = "2" });
        // Not one question is asked between its start and the time when Slurm has dropped it.
        var (killed, cancelled) = (Bench.Request("/bin/sleep", "600"), Bench.Request("/bin/sleep", "600"));
        var (killedJob, cancelledJob) = (await Bench.Submit(killed), await Bench.Submit(cancelled));
        foreach (var request in new[] { killed, cancelled })
            await Support.Bench.UntilMarked(request);
        await Bench.Site.Cancel([(cancelledJob, null)], Cancellation);
        await Cluster.KillJob(killedJob);
        await Wait.Until(async () => (await Bench.Site.Queue(Cancellation)).Value is { } queue && queue.Find(killedJob) is null && queue.Find(cancelledJob) is null ? queue : null, () => "Slurm does not forget");

        var followed = new Followed(Bench.Site);
        followed.Add(killedJob, killed);
        followed.Add(cancelledJob, cancelled);
        Assert.Equal(JobFate.CancelledOutside, (await followed.Over(cancelledJob)).Fate);
        Assert.Equal(JobFate.Lost, (await followed.Over(killedJob)).Fate);
    }

    SubmitRequest OnNode(string node)
    {
        Assert.True(Directive.TryParse($"--nodelist={node}", out var directive, out _));
        return Bench.Request("/bin/sleep", "600") with { Directives = [directive] };
    }
}
