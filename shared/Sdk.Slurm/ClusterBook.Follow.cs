using Holoflow.RunProtocol.Journal;
using Holoflow.Sdk.Slurm.Allocations;
using Holoflow.Sdk.Slurm.Planning;
using Holoflow.Slurm.Follow;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Sdk.Slurm;

/// <summary>What Slurm says of the jobs.</summary>
sealed partial class ClusterBook
{
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
        Tell(allocation, change);
        if (change.Verdict.Fate == JobFate.Running)
            Started(allocation, change.Node);
        else if (change.Verdict.IsOver || change.Verdict.Fate == JobFate.Requeued || change.Verdict.Attempt > 0)
            Ended(allocation, change);
        else if (change.Verdict.Fate is JobFate.Pending or JobFate.HeldForever or JobFate.Suspended or JobFate.InvalidAccount)
            TellWhy(allocation, change);
    }

    void Tell(Allocation allocation, FollowedChange change)
    {
        var verdict = change.Verdict;
        // Where nobody answers, what was known last stays true.
        if (verdict.Fate == JobFate.Unknown)
            return;
        Tell(allocation, new AllocationChanged
        {
            Key = allocation.Job.Part,
            ArrayIndex = allocation.Index,
            Cluster = _profile.Name,
            JobId = change.Job.JobId,
            Phase = verdict.IsOver ? "Ended" : verdict.Fate is JobFate.Running or JobFate.Suspended or JobFate.Ending ? "Running" : "Waiting",
            State = verdict.Fate.ToString(),
            Message = verdict.Message,
            Node = change.Node.Length > 0 ? change.Node : null,
            ExpectedAt = change.Estimate,
            Partition = change.Partition.Length > 0 ? change.Partition : allocation.Told?.Partition,
        });
    }

    void Tell(Allocation allocation, AllocationChanged entry)
    {
        allocation.Told = entry;
        _session.Journal.Append(entry with { Tasks = [.. allocation.Begun] });
        allocation.Begun.Clear();
        _begun.Remove(allocation);
    }

    void NoteBegun(Allocation allocation, Guid task)
    {
        allocation.Begun.Add(task);
        _begun.Add(allocation);
    }

    /// <summary>Which task began where; of a job that Slurm has not been asked about yet, when it has.</summary>
    void TellBegun()
    {
        foreach (var allocation in _begun.Where(a => a.Told is not null).ToList())
            Tell(allocation, allocation.Told!);
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
        TellBegun();
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
