using System.Text.Json;
using Holoflow.RunProtocol.Journal;
using Holoflow.Sdk.Slurm.Allocations;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Sdk.Slurm;

/// <summary>What an earlier flow process of the run left: results that nobody took, tasks that run, jobs that wait.</summary>
sealed partial class ClusterBook
{
    /// <summary>Takes up what is there: finished tasks are not executed again, and jobs are gone on with or cancelled, as the profile says.</summary>
    public async Task TakeUp(CancellationToken cancellation)
    {
        var left = new List<ClusterJob>();
        foreach (var directory in Directory.EnumerateDirectories(_root).Order(StringComparer.Ordinal))
        {
            if (JobFiles.Read(directory) is { } files && new JobDirectory(directory).WasSubmitted)
                left.Add(Open(files, RequestFor(files, directory, throttle: null), isFound: true));
        }

        if (left.Count == 0)
            return;
        NoteRelayed();
        foreach (var job in left)
            await TakeUp(job, cancellation);
        var going = left.Count(job => !job.IsOver);
        _log.Info("an earlier attempt left {jobs} jobs, {going} of which are not over ({policy}), and {results} results that nobody took",
            left.Count, going, _profile.CancelAfterCrash ? "they are cancelled" : "they are gone on with", _finished.Count);
    }

    async Task TakeUp(ClusterJob job, CancellationToken cancellation)
    {
        foreach (var slot in job.Allocations.SelectMany(a => a.Slots))
            ReadWork(slot);
        var marks = await JobMarks.Read(job.Directory.Path, cancellation);
        Hear(job, _jobs[job]);
        foreach (var allocation in job.Allocations.Where(a => JobMarks.Of(marks, a.Index) is { Kind: MarkKind.Ended }))
        {
            allocation.IsOver = true;
            foreach (var slot in allocation.Slots)
                slot.Given.Clear();
        }

        job.IsCancelling = _profile.CancelAfterCrash;
        foreach (var assignment in job.Allocations.SelectMany(a => a.Slots).SelectMany(slot => slot.Given.Values).Where(_ => !job.IsCancelling))
            _unclaimed[assignment.Task] = assignment;
        job.IsBegun = true;
        if (!job.IsOver)
            _submissions.Begin(job, () => Task.CompletedTask);
    }

    void ReadWork(Slot slot)
    {
        var lines = new NewLines(slot.Allocation.Job.Directory.Work(slot.Index));
        while (lines.Read() is { Count: > 0 } some)
        {
            foreach (var bytes in some)
            {
                slot.Posted += bytes.Length + 1;
                ReadWork(slot, bytes);
            }
        }
    }

    void ReadWork(Slot slot, byte[] line)
    {
        try
        {
            switch (WorkLine.Parse(line))
            {
                case WorkLine.Execute work:
                    _numbers = Math.Max(_numbers, work.Number);
                    slot.Given[work.Number] = new Assignment(work.Number, work.Task.Id, work.Task.Name, work.Identity);
                    break;
                case WorkLine.Cancel cancel:
                    slot.Given.Remove(cancel.Number);
                    break;
                default:
                    slot.Allocation.IsReleased = true;
                    break;
            }
        }
        catch (JsonException e)
        {
            Report($"a line of work that an earlier attempt wrote cannot be read: {e.Message}");
        }
    }

    /// <summary>Notes up to when what workers said is in the journal already.</summary>
    void NoteRelayed()
    {
        using var journal = new JournalReader(_session.Directory.Journal);
        while (journal.Next() is { } read)
        {
            var task = read.Entry switch { Logged line => line.Task, Progressed progress => progress.Task, ArtifactMade made => made.Task, _ => null };
            if (task is { } id && read.Entry!.At > _relayedUntil.GetValueOrDefault(id))
                _relayedUntil[id] = read.Entry.At;
        }
    }
}
