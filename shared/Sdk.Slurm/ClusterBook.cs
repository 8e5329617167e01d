using Holoflow.Sdk.Slurm.Allocations;
using Holoflow.Sdk.Slurm.Planning;
using Holoflow.Slurm;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Follow;
using Holoflow.Slurm.Profiles;
using Holoflow.Slurm.Queue;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Sdk.Slurm;

/// <summary>All tasks and allocations of a run on a cluster, and one pass over them. Used by one thread at a time.</summary>
sealed partial class ClusterBook
{
    static readonly TimeSpan FollowEvery = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan ProofEvery = TimeSpan.FromSeconds(1);
    static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(10);

    readonly RunSession _session;
    readonly ClusterProfile _profile;
    readonly SlurmSite _site;
    readonly JobFollower _follower;
    readonly Submissions _submissions;
    readonly RunLogger _log;
    readonly string _root;
    readonly List<RemoteCall> _waiting = [];
    readonly Dictionary<ClusterJob, EventReader> _jobs = [];
    readonly Dictionary<Guid, (string Identity, ReadOnlyMemory<byte> Result)> _finished = [];
    readonly Dictionary<Guid, Assignment> _unclaimed = [];
    readonly Dictionary<Guid, DateTimeOffset> _relayedUntil = [];
    readonly HashSet<string> _failedNodes = new(StringComparer.Ordinal);
    readonly TaskDurations _durations = new();
    readonly HashSet<Allocation> _begun = [];
    Task<FollowPass>? _following;
    Task<string?>? _cancelling;
    Task<Asked<QueueAnswer>>? _proof;
    DateTimeOffset _provedAt;
    DateTimeOffset _followedAt;
    string? _reported;
    bool _isEnding;
    long _numbers;

    public ClusterBook(RunSession session, ClusterProfile profile, SlurmSite site, ISlurmCalls calls, RunLogger log, string root)
    {
        _session = session;
        _profile = profile;
        _site = site;
        _log = log;
        _root = root;
        _submissions = new Submissions(calls, site, session.Time);
        _follower = new JobFollower(site, session.Time, Intervals(profile.CallsPerMinute));
    }

    /// <summary>True where no job of the run is left.</summary>
    public bool IsEmpty => _jobs.Keys.All(job => job.IsOver) && _submissions.IsEmpty;

    /// <summary>The jobs that are not over, for people.</summary>
    public string Left => string.Join(", ", _jobs.Keys.Where(job => !job.IsOver).Select(job => $"{job.Key} ({(job.JobId is { } id ? $"{id}" : "perhaps submitted")})"));

    DateTimeOffset Now => _session.Time.GetUtcNow();

    /// <summary>How often Slurm is asked within a budget: a third of it at most.</summary>
    public static FollowIntervals Intervals(int callsPerMinute)
    {
        var queue = TimeSpan.FromSeconds(Math.Max(1, 300.0 / callsPerMinute));
        return new(queue, queue * 3, TimeSpan.FromSeconds(Math.Clamp(queue.TotalSeconds * 9, 15, 90)));
    }

    /// <summary>Takes a task.</summary>
    public void Add(RemoteCall call)
    {
        var id = call.Task.Task.Id;
        if (_finished.Remove(id, out var kept) && kept.Identity == call.Task.Identity)
        {
            call.Complete(kept.Result);
        }
        else if (_unclaimed.Remove(id, out var running) && running.Identity == call.Task.Identity)
        {
            // An earlier flow process gave it to a worker that still has it.
            running.Call = call;
            if (running.StartedAt is not null)
                call.Watch.Started();
        }
        else
        {
            call.Watch.Waits("it waits for a place on the cluster");
            _waiting.Add(call);
        }
    }

    /// <summary>Tells of trouble once, until there is other trouble.</summary>
    public void Report(string trouble)
    {
        if (_reported == trouble)
            return;
        _reported = trouble;
        _log.Warning(trouble);
    }

    /// <summary>One pass: reads what is new, decides, and acts.</summary>
    public async Task RunOnce()
    {
        Hear();
        TellBegun();
        await Follow();
        await TakeSubmissions();
        if (!_isEnding)
        {
            PlanArrays();
            PlanPools();
            Assign();
        }

        HeedCancellations();
        await CancelJobs();
        Post();
        if (_isEnding)
            await Prove();
        foreach (var job in _jobs.Keys.Where(job => job.IsOver).ToList())
            _jobs.Remove(job);
    }

    /// <summary>Ends everything: what runs is cancelled, what is idle goes by itself.</summary>
    public void EndAll()
    {
        if (_isEnding)
            return;
        _isEnding = true;
        foreach (var job in _jobs.Keys)
            End(job);
        foreach (var call in _waiting)
            call.EndCancelled();
        _waiting.Clear();
    }

    void End(ClusterJob job)
    {
        var isIdle = job.Allocations.All(a => a.IsOver || a.Runs && a.Busy == 0);
        foreach (var allocation in job.Allocations)
            Release(allocation);
        // A worker without work leaves at once by itself; everything else is cancelled.
        job.IsCancelling |= !isIdle;
    }

    /// <summary>Cancels what has not gone by itself.</summary>
    public void CancelAll()
    {
        foreach (var job in _jobs.Keys.Where(job => !job.IsOver))
            job.IsCancelling = true;
    }

    /// <summary>Asks whether Slurm has none of the run's jobs any more, once all of them were cancelled.</summary>
    async Task Prove()
    {
        if (_proof is { IsCompleted: true } asked)
        {
            _proof = null;
            if ((await asked).Value is { } queue)
                TakeAsGone(queue);
        }

        var isAsked = _cancelling is null && _submissions.IsEmpty && _jobs.Keys.Where(job => !job.IsOver).All(job => job.CancelAsked);
        if (_proof is not null || !isAsked || IsEmpty || Now - _provedAt < ProofEvery)
            return;
        _provedAt = Now;
        _proof = Task.Run(() => _site.Queue(CancellationToken.None));
    }

    void TakeAsGone(QueueAnswer queue)
    {
        foreach (var job in _jobs.Keys.Where(job => !job.IsOver))
        {
            var left = queue.Entries.Where(e => e.SubmittedId == job.JobId && e.Key == job.Key && !e.State.IsEnd).ToList();
            foreach (var allocation in job.Allocations.Where(a => !a.IsOver && !left.Any(e => e.IsOf(job.JobId!.Value, a.Index))))
            {
                var change = new FollowedChange(new(job.Key, job.JobId!.Value, allocation.Index, job.Directory.Path), new(JobFate.Cancelled, "cancelled as asked", 0), null, "", "");
                Tell(allocation, change);
                Ended(allocation, change);
            }
        }
    }

    void Release(Allocation allocation)
    {
        if (allocation.IsReleased)
            return;
        allocation.IsReleased = true;
        foreach (var slot in allocation.Slots)
            slot.Outbox.Add(new WorkLine.End().ToJson());
    }
}
