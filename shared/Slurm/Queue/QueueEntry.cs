using Holoflow.Slurm.Jobs;

namespace Holoflow.Slurm.Queue;

/// <summary>How a job's processes ended.</summary>
/// <param name="Status">The exit status, 0 where a signal ended it.</param>
/// <param name="Signal">The signal, 0 for none.</param>
public readonly record struct JobExit(int Status, int Signal)
{
    /// <summary>From the value that wait(2) gives, which squeue prints.</summary>
    public static JobExit FromWait(long value) => new((int)((value >> 8) & 0xff), (int)(value & 0x7f));
}

/// <summary>What squeue knows of a job, or of all tasks of an array that still wait.</summary>
/// <param name="JobId">The job's id; of an array task its own.</param>
/// <param name="ArrayJobId">The id that sbatch gave, where it is part of an array.</param>
/// <param name="Tasks">The array tasks that this line stands for; null where it is no array.</param>
/// <param name="State">The state.</param>
/// <param name="Reason">Why it waits or how it ended, in Slurm's words.</param>
/// <param name="Restarts">How often it was requeued.</param>
/// <param name="Exit">How it ended, where Slurm says so.</param>
/// <param name="Start">When it started, or is expected to.</param>
/// <param name="End">When it ended, or has to.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Nodes">Its nodes in Slurm's short form.</param>
/// <param name="Name">The job's name.</param>
/// <param name="Comment">The job's comment.</param>
public sealed record QueueEntry(
    long JobId,
    long? ArrayJobId,
    ArrayTasks? Tasks,
    JobState State,
    string Reason,
    int Restarts,
    JobExit? Exit,
    DateTimeOffset? Start,
    DateTimeOffset? End,
    string Partition,
    string Nodes,
    string Name,
    string Comment)
{
    public JobKey? Key => JobKey.Find(Name, Comment);

    /// <summary>The id that sbatch gave.</summary>
    public long SubmittedId => ArrayJobId ?? JobId;

    /// <summary>True where this line speaks of the job, or of the array task of it.</summary>
    public bool IsOf(long job, int? task) => SubmittedId == job && (task is not { } index || Tasks is null || Tasks.Contains(index));
}

/// <summary>All of the user's jobs that squeue knows, and the lines that could not be read.</summary>
/// <param name="Entries">The jobs.</param>
/// <param name="NotUnderstood">Lines with missing or strange columns, as they came.</param>
public sealed record QueueAnswer(IReadOnlyList<QueueEntry> Entries, IReadOnlyList<string> NotUnderstood)
{
    /// <summary>The ids of a run's jobs that are not over, whoever submitted them: what a dead flow or agent left behind is among them.</summary>
    public IReadOnlyList<long> LeftOf(Guid run) => LeftOf(key => key.Text.StartsWith(JobKey.Of(run), StringComparison.Ordinal));

    /// <summary>The ids of jobs that are not over, by their keys.</summary>
    public IReadOnlyList<long> LeftOf(Func<JobKey, bool> which) =>
        [.. Entries.Where(e => !e.State.IsEnd && e.Key is { } key && which(key)).Select(e => e.SubmittedId).Distinct()];

    /// <summary>The line of a job, or of one of its array tasks; a task that has started has a line of its own, which goes first.</summary>
    public QueueEntry? Find(long job, int? task = null) =>
        Entries.Where(e => e.IsOf(job, task)).OrderBy(e => e.State.Kind == JobStateKind.Pending && e.Restarts == 0).FirstOrDefault()
        // A list of waiting tasks that was cut short stands for every task that has no line of its own.
        ?? (task is null ? null : Entries.FirstOrDefault(e => e.SubmittedId == job && e.Tasks is { IsCut: true }));
}
