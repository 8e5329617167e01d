using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Queue;

namespace Holoflow.Agent.Tests.Infrastructure;

/// <summary>Runs that are Slurm jobs: what becomes of the job is the run's state, in plain words; no job is left, none is doubled.</summary>
public sealed class JobFateTests(SharedCluster shared)
{
    const string Endless = "echo up; while :; do sleep 0.05; done";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_whose_walltime_is_over()
    {
        await using var bench = await AgentBench.Start(await shared.Cluster(), null, "walltime: 1");
        var (run, end) = await bench.Run(Endless);
        Assert.Equal((RunReport.Failed, "TimeLimit", "its Slurm job: its walltime was over"), (end.Report, end.Name, end.Message));
        Assert.Equal([AllocationPhase.Waiting, AllocationPhase.Running, AllocationPhase.Ended], run.Allocations.Select(a => a.Phase).Distinct());
        Assert.Equal(("TimeLimit", "flow-1", JobProfile.Name), (run.Allocations[^1].State, run.Allocations[^1].Key, run.Allocations[^1].Cluster));
        Assert.Equal(["up"], run.Texts("stdout"));
        await AssertOneJob(run);
    }

    [Fact]
    public async Task A_job_that_used_too_much_memory()
    {
        await using var bench = await AgentBench.Start(await shared.Cluster(), null, "memory: 100MiB");
        var (run, end) = await bench.Run("a=$(head -c 300000000 /dev/zero | tr '\\0' x); sleep 60");
        Assert.Equal((RunReport.Failed, "OutOfMemory", "its Slurm job: it used more memory than it had asked for"), (end.Report, end.Name, end.Message));
        await AssertOneJob(run);
    }

    [Fact]
    public async Task A_job_that_somebody_else_cancelled()
    {
        var cluster = await shared.Cluster();
        await using var bench = await AgentBench.Start(cluster);
        var run = await Running(bench);
        await cluster.Ask("scancel", $"{(await JobsOf(run)).Single().JobId}");
        var end = await bench.Store.End(run);
        Assert.Equal((RunReport.Cancelled, "CancelledOutside"), (end.Report, end.Name));
        Assert.StartsWith("its Slurm job: somebody else cancelled it", end.Message, StringComparison.Ordinal);
        await AssertOneJob(run);
    }

    [Fact]
    public async Task A_job_that_somebody_requeues_is_not_started_a_second_time()
    {
        var cluster = await shared.Cluster();
        await using var bench = await AgentBench.Start(cluster);
        var run = await bench.Submit($"echo up; while [ ! -e {bench.Home.In("go")} ]; do sleep 0.02; done; echo done");
        await bench.Store.Until(() => run.Texts("stdout").Contains("up"));
        var answer = await cluster.Ask("scontrol", "requeue", $"{(await JobsOf(run)).Single().JobId}");
        await File.WriteAllTextAsync(bench.Home.In("go"), "", Cancellation);
        Assert.Equal(RunReport.Completed, (await bench.Store.End(run)).Report);
        Assert.Equal(["up", "done"], run.Texts("stdout"));
        Assert.NotEqual("", answer);
        await AssertOneJob(run);
    }

    [Fact]
    public async Task A_job_that_waits_has_not_started_and_can_be_cancelled()
    {
        await using var bench = await AgentBench.Start(await shared.Cluster(), null, "partition: closed");
        var run = await bench.Submit(Endless);
        await bench.Store.Until(() => run.Allocations.Exists(a => a.Message == "the partition is down"));
        Assert.Equal((AllocationPhase.Waiting, "closed"), (run.Allocations[^1].Phase, run.Allocations[^1].Partition));
        Assert.Single(await JobsOf(run));
        Assert.Empty(run.Reports);
        await bench.Store.Control(run, WantedOfRun.Cancel);
        Assert.Equal(RunReport.Cancelled, (await bench.Store.End(run)).Report);
        await AssertOneJob(run);
        Assert.Empty(run.Lines);
    }

    [Theory]
    [InlineData("partition: nowhere", "there is no such partition")]
    [InlineData("extra_directives: ['--reservation=nowhere']", "sbatch refused")]
    public async Task What_the_site_refuses_fails_the_run_with_its_words(string line, string words)
    {
        await using var bench = await AgentBench.Start(await shared.Cluster(), null, line);
        var (run, end) = await bench.Run("true");
        Assert.Equal(RunReport.Failed, end.Report);
        Assert.StartsWith($"cluster profile 'test': {words}", end.Message, StringComparison.Ordinal);
        Assert.Contains("(Slurm: ", end.Message, StringComparison.Ordinal);
        Assert.Empty(await JobsOf(run));
    }

    [Theory]
    [InlineData("nobody", "known by name are test")]
    [InlineData("test", "line 6: ")]
    public async Task A_profile_that_is_missing_or_wrong_fails_the_run_by_name(string profile, string words)
    {
        await using var bench = await AgentBench.Start(await shared.Cluster(), null, "coers: 3");
        var (_, end) = await bench.Run("true", r => r with { Program = r.Program with { Cluster = profile } });
        Assert.Equal(RunReport.Failed, end.Report);
        Assert.Contains($"cluster profile '{profile}'", end.Message, StringComparison.Ordinal);
        Assert.Contains(words, end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_that_timed_out_and_was_accepted_is_neither_lost_nor_doubled()
    {
        var cluster = await shared.Cluster();
        using var folder = new TemporaryHome();
        folder.Program("echo sbatch >>\"${0%/*}/calls\"\n/usr/bin/sbatch \"$@\" >/dev/null\necho 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2\nexit 1\n", "sbatch");
        await using var bench = await AgentBench.Start(cluster, o => o with { SlurmCommands = JobProfile.Commands(cluster, folder.Path) });
        var (run, end) = await bench.Run("echo once");
        Assert.Equal(RunReport.Completed, end.Report);
        Assert.Equal(["once"], run.Texts("stdout"));
        Assert.Single(await File.ReadAllLinesAsync(folder.In("calls"), Cancellation));
        await AssertOneJob(run);
    }

    [Fact]
    public async Task A_new_attempt_ends_the_job_of_the_one_before_it_first()
    {
        await using var bench = await AgentBench.Start(await shared.Cluster());
        var run = await Running(bench);
        await bench.Agent.StopAsync();
        File.Delete(Directory.GetFiles(Path.Combine(bench.Home.Path, "agents", "tester", "runs")).Single());
        // The store gave the run up, and grants it anew.
        var again = await bench.Store.Submit(run.Run with { Epoch = 2, Attempt = 2, Program = run.Run.Program with { Path = bench.Home.Program("echo second", "second.sh") } });
        await bench.StartAgent();
        await bench.Store.Until(() => bench.Store.FreeSlots > 0);
        await bench.Store.Offer(again);
        Assert.Equal(RunReport.Completed, (await bench.Store.End(again)).Report);
        Assert.Equal(["second"], again.Texts("stdout"));
        await UntilOver(run);
        Assert.Equal([JobStateKind.Cancelled, JobStateKind.Completed], (await JobsOf(run)).OrderBy(job => job.JobId).Select(job => job.State.Kind));
    }

    async Task<StoredRun> Running(AgentBench bench)
    {
        var run = await bench.Submit(Endless);
        await bench.Store.Until(() => run.Texts("stdout").Contains("up"));
        return run;
    }

    async Task<IReadOnlyList<QueueEntry>> JobsOf(StoredRun run) => await JobProfile.JobsOf(await shared.Cluster(), run.Run.RunId);

    async Task AssertOneJob(StoredRun run)
    {
        await UntilOver(run);
        Assert.Single(await JobsOf(run));
    }

    // A mark may be quicker than the queue.
    async Task UntilOver(StoredRun run)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(JobProfile.Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!(await JobsOf(run)).All(job => job.State.IsEnd))
            await tick.WaitForNextTickAsync(limit.Token);
    }
}
