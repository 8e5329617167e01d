using Holoflow.RunProtocol.Journal;
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
                Ended(allocation, new FollowedChange(new(job.Key, job.JobId!.Value, allocation.Index, job.Directory.Path), new(JobFate.Cancelled, "cancelled as asked", 0), null, ""));
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

    void Hear()
    {
        foreach (var (job, reader) in _jobs)
            Hear(job, reader);
    }

    void Hear(ClusterJob job, EventReader reader)
    {
        foreach (var news in reader.Read(Report))
        {
            var allocation = job.IsArray ? job.Allocations.ElementAtOrDefault(news.Slot) : job.Allocations[0];
            if (allocation?.Slots.FirstOrDefault(slot => slot.Index == news.Slot) is { IsDead: false } slot && !allocation.IsOver)
                Hear(slot, news);
        }
    }

    void Hear(Slot slot, SlotNews news)
    {
        switch (news.Event)
        {
            case WorkerEvent.Ready ready:
                slot.IsReady = slot.Allocation.HasWorked = true;
                Started(slot.Allocation, ready.Node);
                break;
            case WorkerEvent.Started started when slot.Given.TryGetValue(started.Number, out var assignment):
                Started(slot.Allocation, "");
                slot.Allocation.HasExecuted = true;
                assignment.StartedAt = Now;
                assignment.Call?.Watch.Started();
                break;
            case WorkerEvent.Said said:
                Relay(said);
                break;
            case WorkerEvent.Done done when slot.Given.Remove(done.Number, out var assignment):
                _durations.Add(assignment.Name, done.Seconds);
                Finish(assignment, done, slot.Allocation.Job.Directory);
                break;
            // Its worker was told to end: what became of the allocation decides.
            case WorkerEvent.Failed { IsCancelled: true } cut when slot.Given.TryGetValue(cut.Number, out var interrupted) && interrupted.Call is not { IsCancelled: true }:
                break;
            case WorkerEvent.Failed failed when slot.Given.Remove(failed.Number, out var assignment):
                Fail(assignment, failed);
                break;
            case null:
                WorkerEnded(slot, news);
                break;
        }

        if (slot.Allocation.Busy == 0)
            slot.Allocation.IdleSince = Now;
    }

    void Started(Allocation allocation, string node)
    {
        if (node.Length > 0)
            allocation.Node = node;
        if (allocation.StartedAt is not null)
            return;
        allocation.StartedAt = allocation.IdleSince = Now;
        if (!allocation.Job.IsArray)
            _log.Info("allocation {part} (job {job}) works", allocation.Job.Part, allocation.Job.JobId);
    }

    void Relay(WorkerEvent.Said said)
    {
        var task = said.Entry switch { Logged line => line.Task, Progressed progress => progress.Task, ArtifactMade made => made.Task, _ => null };
        if (task is { } id && _relayedUntil.TryGetValue(id, out var until) && said.At <= until)
            return;
        _session.Journal.Append(said.Entry);
    }

    void Finish(Assignment assignment, WorkerEvent.Done done, WorkerDirectory directory)
    {
        _unclaimed.Remove(assignment.Task);
        try
        {
            var result = done.Result ?? File.ReadAllBytes(directory.Result(done.Number));
            if (assignment.Call is { } call)
                call.Complete(result);
            else
                _finished[assignment.Task] = (assignment.Identity, result);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            assignment.Call?.Fail(e);
        }
    }

    void Fail(Assignment assignment, WorkerEvent.Failed failed)
    {
        _unclaimed.Remove(assignment.Task);
        if (failed.IsCancelled)
            assignment.Call?.EndCancelled();
        else
            assignment.Call?.Fail(failed.Thrown.Rebuild());
    }

    void WorkerEnded(Slot slot, SlotNews news)
    {
        const int Terminated = 128 + 15;
        const int Killed = 128 + 9;
        slot.WorkerEnded(news.Start, news.ExitStatus);
        if (news.ExitStatus is not (0 or Terminated) && slot.Executing is { } lost)
        {
            slot.Given.Remove(lost.Number);
            _unclaimed.Remove(lost.Task);
            var isKilled = news.ExitStatus == Killed;
            lost.Call?.Fail(new AllocationFailedException(
                isKilled ? "WorkerKilled" : "WorkerDied",
                isKilled ? "the process that executed it was killed (signal 9): most often that is the node's memory"
                    : news.ExitStatus > 128 ? $"the process that executed it was ended by signal {news.ExitStatus - 128}" : $"the process that executed it ended with {news.ExitStatus}",
                isOwnFault: isKilled));
        }

        // Where none has ever worked, the end of the allocation decides: it may be so everywhere.
        if (slot is { IsDead: true, Allocation.HasWorked: true } && news.ExitStatus is not Terminated)
            TakeBack(slot);
    }

    /// <summary>What a slot was given and has not begun waits again; not for ever, where the workers die before they come to it.</summary>
    void TakeBack(Slot slot)
    {
        foreach (var assignment in slot.Given.Values.Where(a => a.StartedAt is null).ToList())
        {
            slot.Given.Remove(assignment.Number);
            if (assignment.Call is { } call && call.Losses++ >= LostTask.MostLosses)
                call.Fail(new AllocationFailedException("WorkerDied", WithLastError(slot.Allocation, "no worker lived long enough to execute it"), isOwnFault: false));
            else
                Again(assignment);
        }
    }

    void Again(Assignment assignment)
    {
        _unclaimed.Remove(assignment.Task);
        if (assignment.Call is not { IsOver: false } call)
            return;
        if (call.IsCancelled || _isEnding)
        {
            call.EndCancelled();
            return;
        }

        call.WaitsSince = Now;
        call.Watch.Waits("it waits for another place on the cluster");
        _waiting.Add(call);
    }

    async Task Follow()
    {
        if (_following is { IsCompleted: true } pass)
        {
            _following = null;
            foreach (var change in (await pass).Changes)
                Apply(change);
        }

        if (_following is null && Now - _followedAt >= FollowEvery && _jobs.Count > 0)
        {
            _followedAt = Now;
            _following = Task.Run(() => _follower.RunOnce(CancellationToken.None));
        }

        foreach (var job in _jobs.Keys.Where(job => Now - job.AliveAt >= AliveEvery))
        {
            job.AliveAt = Now;
            File.SetLastWriteTimeUtc(job.Directory.Alive, Now.UtcDateTime);
        }
    }

    void Apply(FollowedChange change)
    {
        if (_jobs.Keys.FirstOrDefault(job => job.Key == change.Job.Key) is not { } job || job.Allocations.ElementAtOrDefault(change.Job.Task ?? 0) is not { IsOver: false } allocation)
            return;
        allocation.Fate = change.Verdict.Fate;
        if (change.Verdict.Fate == JobFate.Running)
            Started(allocation, change.Node);
        else if (change.Verdict.IsOver || change.Verdict.Fate == JobFate.Requeued || change.Verdict.Attempt > 0)
            Ended(allocation, change);
        else if (change.Verdict.Fate is JobFate.Pending or JobFate.HeldForever or JobFate.Suspended or JobFate.InvalidAccount)
            TellWhy(allocation, change);
    }

    void TellWhy(Allocation allocation, FollowedChange change)
    {
        var estimate = change.Estimate is { } start ? $"; Slurm expects it to start at {start:yyyy-MM-dd HH:mm}Z" : "";
        var why = $"{allocation} (job {change.Job.JobId}) waits: {change.Verdict.Message}{estimate}";
        foreach (var call in Waiters(allocation))
            call.Watch.Waits(why);
        if (!allocation.Job.IsArray || allocation.Index == 0)
            _log.Info(why);
        if (change.Verdict.Fate != JobFate.InvalidAccount)
            return;
        allocation.Job.IsCancelling = true;
        foreach (var call in Waiters(allocation).ToList())
        {
            _waiting.Remove(call);
            call.Fail(new AllocationFailedException(nameof(JobFate.InvalidAccount), change.Verdict.Message, isOwnFault: false));
        }
    }

    IEnumerable<RemoteCall> Waiters(Allocation allocation) => allocation.Job.IsArray
        ? allocation.Slots[0].Given.Values.Select(a => a.Call).OfType<RemoteCall>()
        : _waiting.Where(call => call.Task.Use.Kind == ClusterUseKind.Pool && call.Shape == allocation.Job.Shape);

    void Ended(Allocation allocation, FollowedChange change)
    {
        Hear(allocation.Job, _jobs[allocation.Job]);
        var verdict = change.Verdict;
        var hadAll = allocation.StartedAt is { } began && allocation.Slots.All(slot => slot.Executing is not { StartedAt: { } started } || started - began < TimeSpan.FromSeconds(10) + (Now - began) / 10);
        var wasAsked = allocation.IsReleased || allocation.Job.IsCancelling;
        allocation.IsOver = true;
        if (!verdict.IsOver)
            allocation.Job.IsCancelling = true;
        var isUnhealthy = verdict.Fate is JobFate.NodeFailed or JobFate.LaunchFailed;
        if (isUnhealthy && (change.Node.Length > 0 ? change.Node : allocation.Node) is { Length: > 0 } node && _failedNodes.Add(node))
            _log.Warning("node {node} is not used any more: {why}", node, verdict.Message);
        if (!wasAsked && verdict.Fate != JobFate.Completed)
            _log.Warning("allocation {allocation} (job {job}) has ended: {fate}, {why}", allocation, change.Job.JobId, verdict.Fate, verdict.Message);
        if (!allocation.Job.IsArray)
            _submissions.NoteEnd(allocation.Job.Shape, allocation.HasWorked || wasAsked, $"{verdict.Fate}: {WithLastError(allocation, verdict.Message)}", Now);
        foreach (var assignment in allocation.Slots.SelectMany(slot => slot.Given.Values).ToList())
            Lose(assignment, allocation.HasExecuted, allocation.HasWorked ? verdict : verdict with { Message = WithLastError(allocation, verdict.Message) }, hadAll);
        foreach (var slot in allocation.Slots)
            slot.Given.Clear();
    }

    static string WithLastError(Allocation allocation, string message) => allocation.LastError() is { Length: > 0 } error ? $"{message}; it said: {error}" : message;

    void Lose(Assignment assignment, bool hasExecuted, JobVerdict verdict, bool hadWholeWalltime)
    {
        // What waited its turn behind another task, in an allocation that was taken away, has lost nothing. Where none was ever begun it counts: it may be so each time.
        var isUntouched = hasExecuted && assignment.StartedAt is null && verdict.Fate is JobFate.TimeLimit or JobFate.OutOfMemory or JobFate.NodeFailed or JobFate.Preempted or JobFate.Requeued;
        if (isUntouched || assignment.Call is not { } call)
        {
            Again(assignment);
            return;
        }

        if (call.IsCancelled || _isEnding)
        {
            call.EndCancelled();
            return;
        }

        var lost = LostTask.Decide(verdict.Fate, hadWholeWalltime, call.Losses++);
        if (lost.IsExecutedAgain)
            Again(assignment);
        else
            call.Fail(new AllocationFailedException(verdict.Fate.ToString(), $"its allocation ended: {verdict.Message}", lost.IsOwnFault));
    }
}
