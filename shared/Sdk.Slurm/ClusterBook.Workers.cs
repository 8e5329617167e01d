using Holoflow.RunProtocol.Journal;
using Holoflow.Sdk.Slurm.Allocations;
using Holoflow.Sdk.Slurm.Planning;

namespace Holoflow.Sdk.Slurm;

/// <summary>What the workers say.</summary>
sealed partial class ClusterBook
{
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
                NoteBegun(slot.Allocation, assignment.Task);
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
}
