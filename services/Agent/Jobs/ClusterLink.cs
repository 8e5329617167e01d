using Holoflow.Agent.Follow;
using Holoflow.Slurm;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Follow;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Submission;
using Microsoft.Extensions.Logging;

namespace Holoflow.Agent.Jobs;

/// <summary>One cluster as this agent uses it: one budget of calls, and one loop that follows the jobs of all its runs.</summary>
sealed class ClusterLink
{
    /// <summary>Between two looks at the marks that jobs leave.</summary>
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    readonly Lock _lock = new();
    readonly Dictionary<JobKey, Action<FollowedChange>> _heard = [];
    readonly AsyncSignal _added = new();
    readonly JobFollower _follower;
    readonly ILogger _log;
    readonly CancellationToken _stopping;
    bool _isFollowing;

    public ClusterLink(ISlurmCalls gate, AgentOptions options, TimeProvider time, ILogger log, CancellationToken stopping)
    {
        (_log, _stopping) = (log, stopping);
        Site = new SlurmSite(gate);
        Submitter = new Submitter(gate, Site, time);
        _follower = new JobFollower(Site, time, options.SlurmIntervals);
    }

    public SlurmSite Site { get; }

    public Submitter Submitter { get; }

    /// <summary>Follows a job to its end; <paramref name="heard"/> is told what is new of it.</summary>
    public void Follow(FollowedJob job, Action<FollowedChange> heard)
    {
        lock (_lock)
        {
            _heard[job.Key] = heard;
            _follower.Follow(job);
            if (!_isFollowing)
                _ = Task.Run(Loop, CancellationToken.None);
            _isFollowing = true;
        }

        _added.Pulse();
    }

    /// <summary>Notes that the end of a job is asked for here.</summary>
    public void NoteCancel(JobKey key) => _follower.NoteCancel(key, null);

    async Task Loop()
    {
        try
        {
            while (HasJobs())
            {
                await Pass();
                await _added.Wait(Look, _stopping);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The jobs go on; the agent's next start takes them up.
        }
    }

    bool HasJobs()
    {
        lock (_lock)
            return _isFollowing = _heard.Count > 0;
    }

    async Task Pass()
    {
        try
        {
            foreach (var change in (await _follower.RunOnce(_stopping)).Changes)
                Tell(change);
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stopping.IsCancellationRequested)
        {
            _log.LoopFault(e, "jobs");
        }
    }

    void Tell(FollowedChange change)
    {
        Action<FollowedChange>? heard;
        lock (_lock)
        {
            heard = _heard.GetValueOrDefault(change.Job.Key);
            if (change.Verdict.IsOver)
                _heard.Remove(change.Job.Key);
        }

        heard?.Invoke(change);
    }
}
