using Holoflow.Servers;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Queue;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Tests.Support;

/// <summary>A cluster with the commands, a site and a submitter on it, and jobs of a run of its own.</summary>
sealed class Bench
{
    readonly SlurmCluster _cluster;
    int _jobs;

    public Bench(SlurmCluster cluster)
    {
        _cluster = cluster;
        Calls = new CommandCalls(TimeProvider.System, environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["SLURM_CONF"] = cluster.Configuration });
        Site = new(Calls);
        Submitter = new(Calls, Site, TimeProvider.System);
        Run = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    }

    public ISlurmCalls Calls { get; }

    public SlurmSite Site { get; }

    public Submitter Submitter { get; }

    public Guid Run { get; }

    /// <summary>A job of one core and little memory, in a directory of its own.</summary>
    public SubmitRequest Request(params string[] command)
    {
        var part = $"job-{Interlocked.Increment(ref _jobs)}";
        return new()
        {
            Key = JobKey.Of(Run, part), Directory = Path.Combine(_cluster.Directory, "jobs", $"{Run:N}", part), Command = command, MemoryMiB = 50, Walltime = TimeSpan.FromMinutes(5),
        };
    }

    public async Task<long> Submit(SubmitRequest request) =>
        await Submitter.Submit(request, Cancellation) is SubmitOutcome.Accepted accepted ? accepted.JobId : throw new InvalidOperationException("the job was not accepted");

    /// <summary>What the queue holds; asked again while a busy controller gives no answer.</summary>
    public Task<QueueAnswer> Queue() => Wait.Until(async () => (await Site.Queue(Cancellation)).Value, () => "the queue does not answer");

    /// <summary>Asks the queue until a job's line is as wished.</summary>
    public async Task<QueueEntry> Until(long job, Func<QueueEntry, bool> wished, int? task = null)
    {
        QueueEntry? last = null;
        return await Wait.Until(
            async () =>
            {
                last = (await Site.Queue(Cancellation)).Value?.Find(job, task) ?? last;
                return last is not null && wished(last) ? last : null;
            },
            () => $"job {job} stays {last}");
    }

    /// <summary>Waits until a job has marked its start.</summary>
    public static Task<JobMark> UntilMarked(SubmitRequest request) => Wait.Until(
        async () => JobMarks.Of(await JobMarks.Read(request.Directory, Cancellation), null) is { Kind: MarkKind.Started } mark ? mark : null, () => $"{request.Key} does not start");

    public Task<QueueEntry> UntilRunning(long job) => Until(job, e => e.State.Kind == JobStateKind.Running);

    public Task<QueueEntry> UntilOver(long job, int? task = null) => Until(job, e => e.State.IsEnd, task);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
