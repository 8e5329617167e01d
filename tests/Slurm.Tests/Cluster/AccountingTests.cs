using Holoflow.Servers;
using Holoflow.Slurm.Accounting;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Follow;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Tests.Support;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Tests.Cluster;

/// <summary>The third witness: a real slurmdbd tells of jobs that the queue has forgotten, at once or late.</summary>
public sealed class AccountingTests : IAsyncLifetime
{
    SlurmCluster _cluster = null!;
    Bench _bench = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // The controller forgets a job as soon as it can.
        _cluster = await SlurmCluster.Start(new Dictionary<string, string>(StringComparer.Ordinal) { ["MinJobAge"] = "2" }, withAccounting: true);
        _bench = new Bench(_cluster);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task What_the_queue_has_forgotten_and_no_mark_tells_the_accounting_does()
    {
        var (cancelled, failed) = (_bench.Request("/bin/sleep", "600"), _bench.Request("/bin/sh", "-c", "exit 7"));
        var (first, second) = (await _bench.Submit(cancelled), await _bench.Submit(failed));
        await Bench.UntilMarked(cancelled);
        await _bench.Site.Cancel([(first, null)], Cancellation);
        await Forgotten(first, second);
        // The controller tells the accounting when it can: the next test is about one that is late.
        await Recorded([first, second]);
        foreach (var mark in Directory.EnumerateFiles(cancelled.Directory, "job.*").Concat(Directory.EnumerateFiles(failed.Directory, "job.0.*")).Where(file => !file.EndsWith("job.sh", StringComparison.Ordinal)))
            File.Delete(mark);
        var followed = new Followed(_bench.Site);
        followed.Add(first, cancelled);
        followed.Add(second, failed);
        Assert.Equal(JobFate.CancelledOutside, (await followed.Over(first)).Fate);
        Assert.Equal((JobFate.Failed, "it ended with 7, before its start was marked"), (await followed.Over(second)) is var verdict ? (verdict.Fate, verdict.Message) : default);
    }

    [Fact]
    public async Task Accounting_that_is_late_is_awaited_and_then_believed()
    {
        await _cluster.StopAccounting();
        var request = _bench.Request("/bin/sleep", "600");
        var job = await _bench.Submit(request);
        await Bench.UntilMarked(request);
        var follower = new JobFollower(_bench.Site, TimeProvider.System, new(TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3)));
        follower.Follow(new(request.Key, job, null, request.Directory));
        await _bench.Site.Cancel([(job, null)], Cancellation);
        await Forgotten(job);
        foreach (var mark in Directory.EnumerateFiles(request.Directory, "job.0.*"))
            File.Delete(mark);
        var fates = new List<JobVerdict>();
        await Pass(verdict => verdict.Fate == JobFate.Ending);
        await _cluster.StartAccounting();
        await Pass(verdict => verdict.IsOver);
        Assert.Equal(JobFate.CancelledOutside, fates[^1].Fate);

        Task<string> Pass(Func<JobVerdict, bool> wished) => Wait.Until(
            async () =>
            {
                fates.AddRange((await follower.RunOnce(Cancellation)).Changes.Select(c => c.Verdict));
                return fates.Count > 0 && wished(fates[^1]) ? "" : null;
            },
            () => string.Join("; ", fates));
    }

    [Fact]
    public async Task A_submission_that_only_the_accounting_remembers_is_found_and_not_made_again()
    {
        var request = _bench.Request("/bin/true");
        var job = await _bench.Submit(request);
        await Forgotten(job);
        File.Delete(Path.Combine(request.Directory, "claim"));
        Assert.Equal(new SubmitOutcome.Accepted(job, WasFound: true), await Wait.Until(
            async () => await _bench.Submitter.Search(request.Key, new JobDirectory(request.Directory), Cancellation) as SubmitOutcome.Accepted, () => "sacct does not know it"));
        Assert.Equal(new SubmitOutcome.Accepted(job, WasFound: true), await _bench.Submitter.Submit(request, Cancellation));
    }

    [Fact]
    public async Task Array_tasks_have_records_of_their_own()
    {
        var request = _bench.Request("/bin/sh", "-c", "exit $SLURM_ARRAY_TASK_ID") with { Array = [0, 3] };
        var job = await _bench.Submit(request);
        var records = await Recorded([job]);
        Assert.Equal([(0, JobStateKind.Completed, 0), (3, JobStateKind.Failed, 3)], records.OrderBy(r => r.Task).Select(r => (r.Task!.Value, r.State.Kind, r.Exit!.Value.Status)));
        Assert.All(records, r => Assert.Equal((job, request.Key.Text), (r.SubmittedId, r.Name)));
    }

    [Fact]
    public async Task Accounting_that_is_switched_off_is_no_witness_and_no_fault()
    {
        await using var cluster = await SlurmCluster.Start();
        Assert.Equal(AnswerKind.Missing, (await new Bench(cluster).Site.Accounting([1], Cancellation)).Kind);
    }

    // Two jobs, or array tasks.
    Task<IReadOnlyList<AccountingRecord>> Recorded(IReadOnlyCollection<long> jobs) => Wait.Until(
        async () => (await _bench.Site.Accounting(jobs, Cancellation)).Value is { Count: 2 } both && both.All(r => r.State.IsEnd) ? both : null, () => "sacct does not know both");

    Task<string> Forgotten(params long[] jobs) => Wait.Until(
        async () => (await _bench.Site.Queue(Cancellation)).Value is { } queue && jobs.All(job => queue.Find(job) is null) ? "" : null, () => "the queue does not forget");
}
