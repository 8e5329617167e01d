using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Tests.Support;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Tests.Cluster;

/// <summary>Every way in which a job ends on a real Slurm without accounting, told truly.</summary>
public sealed class VerdictTests(SharedCluster shared)
{
    readonly Bench _bench = new(shared.Cluster);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Success_failure_and_a_missing_program()
    {
        Assert.Equal(JobFate.Completed, (await Follow(_bench.Request("/bin/true"))).Fate);
        var failed = await Follow(_bench.Request("/bin/sh", "-c", "exit 7"));
        Assert.Equal((JobFate.Failed, "its program ended with 7"), (failed.Fate, failed.Message));
        var missing = await Follow(_bench.Request("/no/such/program"));
        Assert.Equal((JobFate.Failed, "its program ended with 127"), (missing.Fate, missing.Message));
        var prologue = await Follow(_bench.Request("/bin/true") with { Prologue = ["echo 'before $x'", "false"] });
        Assert.Equal((JobFate.Failed, "the prologue of the cluster profile failed with 1: the program was not started"), (prologue.Fate, prologue.Message));
    }

    [Fact]
    public async Task The_time_limit()
    {
        var verdict = await Follow(_bench.Request("/bin/sleep", "600") with { Walltime = TimeSpan.FromSeconds(1) });
        Assert.Equal((JobFate.TimeLimit, "its walltime was over"), (verdict.Fate, verdict.Message));
    }

    [Fact]
    public async Task Too_much_memory()
    {
        var verdict = await Follow(_bench.Request("/usr/bin/python3", "-c", "x = bytearray(300 * 1024 * 1024)\nimport time; time.sleep(120)"));
        Assert.Equal(JobFate.OutOfMemory, verdict.Fate);
    }

    [Fact]
    public async Task A_cancel_of_ours_and_one_from_outside_running_and_waiting()
    {
        foreach (var isOurs in new[] { true, false })
        {
            var (running, waiting) = (_bench.Request("/bin/sleep", "600"), _bench.Request("/bin/true") with { Hold = true });
            var followed = new Followed(_bench.Site);
            foreach (var request in new[] { running, waiting })
            {
                var job = await _bench.Submit(request);
                followed.Add(job, request);
                await followed.Until(job, request.Hold ? JobFate.HeldForever : JobFate.Running);
                if (isOurs)
                    followed.Follower.NoteCancel(request.Key, null);
                await _bench.Site.Cancel([(job, null)], Cancellation);
                Assert.Equal(isOurs ? JobFate.Cancelled : JobFate.CancelledOutside, (await followed.Over(job)).Fate);
            }
        }
    }

    [Fact]
    public async Task A_requeued_job_is_another_attempt_and_the_first_ones_mark_does_not_count()
    {
        var request = _bench.Request("/bin/sh", "-c", "[ \"$SLURM_RESTART_COUNT\" = 1 ] || sleep 600") with { Requeue = true };
        var job = await _bench.Submit(request);
        var followed = new Followed(_bench.Site);
        followed.Add(job, request);
        await Bench.UntilMarked(request);
        Assert.Null(await _bench.Site.Requeue(job, Cancellation));
        var requeued = await followed.Until(job, JobFate.Requeued);
        Assert.Equal(1, requeued.Verdict.Attempt);
        // Slurm makes a requeued job wait for two minutes. In the second in which the earlier attempt ended its node refuses the new one ("Job credential revoked"): it has ended once the job waits.
        await _bench.Until(job, e => e is { Restarts: 1, State.Kind: JobStateKind.Pending });
        await shared.Cluster.Ask("scontrol", "update", $"jobid={job}", "StartTime=now+2");
        var verdict = await followed.Over(job);
        Assert.Equal((JobFate.Completed, 1, "its program ended with 0"), (verdict.Fate, verdict.Attempt, verdict.Message));
        Assert.DoesNotContain(followed.FatesOf(job), fate => fate is JobFate.CancelledOutside or JobFate.Failed or JobFate.Lost);
    }

    [Fact]
    public async Task A_job_that_cannot_be_launched()
    {
        var request = _bench.Request("/bin/true") with { Hold = true };
        var job = await _bench.Submit(request);
        Directory.Delete(request.Directory, recursive: true);
        var followed = new Followed(_bench.Site);
        followed.Add(job, request);
        Assert.Null(await _bench.Site.Release(job, Cancellation));
        Assert.Equal(JobFate.LaunchFailed, (await followed.Over(job)).Fate);
    }

    [Fact]
    public async Task A_job_that_never_starts_says_so_in_plain_words()
    {
        var held = _bench.Request("/bin/true") with { Hold = true };
        var closed = _bench.Request("/bin/true") with { Partition = "closed" };
        var followed = new Followed(_bench.Site);
        var (heldJob, closedJob) = (await _bench.Submit(held), await _bench.Submit(closed));
        followed.Add(heldJob, held);
        followed.Add(closedJob, closed);
        Assert.Contains("on hold", (await followed.Until(heldJob, JobFate.HeldForever)).Verdict.Message, StringComparison.Ordinal);
        // The first word may be that Slurm has not looked at it yet.
        Assert.Equal(JobFate.Pending, (await followed.Until(closedJob, v => v.Message == "the partition is down")).Verdict.Fate);
        Assert.Null(await _bench.Site.Cancel([(heldJob, null), (closedJob, null)], Cancellation));
    }

    [Fact]
    public async Task What_Slurm_refuses_is_told_in_plain_words_with_its_own_and_leaves_nothing_to_search_for()
    {
        var request = _bench.Request("/bin/true") with { Partition = "nowhere" };
        var refused = Assert.IsType<SubmitOutcome.Refused>(await _bench.Submitter.Submit(request, Cancellation));
        Assert.Equal(SubmitRefusal.InvalidPartition, refused.Kind);
        Assert.StartsWith("there is no such partition (Slurm: ", refused.Message, StringComparison.Ordinal);
        var large = Assert.IsType<SubmitOutcome.Refused>(await _bench.Submitter.Submit(request with { Partition = null, MemoryMiB = 1 << 30 }, Cancellation));
        Assert.Equal(SubmitRefusal.TooMuch, large.Kind);
        Assert.False(new JobDirectory(request.Directory).WasSubmitted);
    }

    [Fact]
    public async Task Each_task_of_an_array_has_its_own_verdict_from_one_question_for_all()
    {
        var request = _bench.Request("/bin/sh", "-c", "exit $((SLURM_ARRAY_TASK_ID % 3))") with { Array = [.. Enumerable.Range(0, 12)], Throttle = 8 };
        var job = await _bench.Submit(request);
        var followed = new Followed(_bench.Site);
        foreach (var task in request.Array!)
            followed.Add(job, request, task);
        foreach (var task in request.Array!)
            Assert.Equal(task % 3 == 0 ? JobFate.Completed : JobFate.Failed, (await followed.Over(job, task)).Fate);
    }

    async Task<JobVerdict> Follow(SubmitRequest request)
    {
        var job = await _bench.Submit(request);
        var followed = new Followed(_bench.Site);
        followed.Add(job, request);
        return await followed.Over(job);
    }
}
