using Holoflow.Slurm.Accounting;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Jobs;

namespace Holoflow.Slurm.Submission;

/// <summary>
/// Submits a job once. Where sbatch gives no answer the job may have been accepted: its key is searched in the queue, in its directory and in the
/// accounting before anything is submitted again; and where Slurm accepts both all the same, the batch script lets one of them work.
/// </summary>
public sealed class Submitter(ISlurmCalls calls, SlurmSite site, TimeProvider time)
{
    // Clocks of the controller and of this machine may differ.
    static readonly TimeSpan ClockTolerance = TimeSpan.FromHours(1);

    /// <summary>Submits the job, or finds it where it was submitted before.</summary>
    /// <exception cref="SubmitRequestException">The request cannot be put to Slurm without being changed.</exception>
    public async Task<SubmitOutcome> Submit(SubmitRequest request, CancellationToken cancellation)
    {
        var arguments = SubmitArguments.Of(request);
        var directory = new JobDirectory(request.Directory);
        if (directory.WasSubmitted)
        {
            switch (await Search(request.Key, directory, cancellation))
            {
                case SubmitOutcome.Accepted found:
                    return found;
                case SubmitOutcome.Unknown nobody:
                    return nobody;
            }
        }

        await directory.Prepare(request.Command, request.Prologue, cancellation);
        await directory.NoteIntent(request.Key.Text, time.GetUtcNow(), cancellation);
        var answer = await calls.Run(new("sbatch", arguments, CallUrgency.Submit, request.Environment), cancellation);
        switch (answer.Kind)
        {
            case AnswerKind.Done when JobId(answer.Output) is { } id:
                return new SubmitOutcome.Accepted(id, WasFound: false);
            case AnswerKind.Missing:
                directory.ForgetIntent();
                return new SubmitOutcome.Refused(SubmitRefusal.SlurmMissing, answer.Words);
            case AnswerKind.Refused:
                directory.ForgetIntent();
                return RefusalWords.Explain(answer.Words);
        }

        return await Search(request.Key, directory, cancellation) as SubmitOutcome.Accepted
            ?? (SubmitOutcome)new SubmitOutcome.Unknown($"sbatch gave no answer, and the job is not seen yet: {(answer.Kind == AnswerKind.Done ? answer.Output.Trim() : answer.Words)}");
    }

    /// <summary>Searches the key in the directory, the queue and the accounting; jobs submitted twice are cancelled but for one.</summary>
    /// <returns>Where it is; null where all who answered say that there is none; <see cref="SubmitOutcome.Unknown"/> where the queue did not answer.</returns>
    public async Task<SubmitOutcome?> Search(JobKey key, JobDirectory directory, CancellationToken cancellation)
    {
        var queue = await site.Queue(cancellation);
        var known = queue.Value?.Entries.Where(e => e.Key == key).Select(e => (e.SubmittedId, e.State.IsEnd)).Distinct().ToList() ?? [];
        if (directory.Claimant is { } claimant)
        {
            await CancelOthers(known, claimant, cancellation);
            return new SubmitOutcome.Accepted(claimant, WasFound: true);
        }

        if (known.Count > 0)
        {
            var first = known.OrderBy(job => job.IsEnd).ThenBy(job => job.SubmittedId).First().SubmittedId;
            await CancelOthers(known, first, cancellation);
            return new SubmitOutcome.Accepted(first, WasFound: true);
        }

        if (queue.Kind != AnswerKind.Done)
            return new SubmitOutcome.Unknown($"whether the job was accepted cannot be told now: {queue.Words}");
        var recorded = await site.Accounting(key, (directory.SubmittedAt ?? time.GetUtcNow()) - ClockTolerance, cancellation);
        return recorded.Value?.Where(IsOfKey).Select(r => (long?)r.SubmittedId).Min() is { } id ? new SubmitOutcome.Accepted(id, WasFound: true) : null;

        bool IsOfKey(AccountingRecord record) => string.Equals(record.Name, key.Text, StringComparison.Ordinal);
    }

    async Task CancelOthers(List<(long Id, bool IsEnd)> known, long kept, CancellationToken cancellation)
    {
        var others = known.Where(job => job.Id != kept && !job.IsEnd).Select(job => (job.Id, (int?)null)).ToList();
        if (others.Count > 0)
            await site.Cancel(others, cancellation);
    }

    /// <summary>sbatch --parsable prints the id, and the cluster after a semicolon.</summary>
    static long? JobId(string output) =>
        output.Split('\n').Select(line => line.Trim().Split(';')[0]).Where(word => long.TryParse(word, out _)).Select(word => (long?)long.Parse(word)).LastOrDefault();
}
