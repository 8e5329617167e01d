using Holoflow.Slurm.Accounting;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Queue;

namespace Holoflow.Slurm.Verdicts;

/// <summary>Whether a witness has been heard.</summary>
public enum Sight
{
    /// <summary>It does not answer now, or is switched off.</summary>
    NoAnswer,

    /// <summary>It answers, and does not know the job.</summary>
    Absent,
    Present,
}

/// <summary>What squeue says.</summary>
public sealed record QueueWitness(Sight Sight, JobState State = default, string Reason = "", int Restarts = 0, JobExit? Exit = null)
{
    public static readonly QueueWitness NoAnswer = new(Sight.NoAnswer);

    public static readonly QueueWitness Absent = new(Sight.Absent);

    public static QueueWitness Of(QueueEntry? entry) => entry is null ? Absent : new(Sight.Present, entry.State, entry.Reason, entry.Restarts, entry.Exit);
}

/// <summary>What sacct says.</summary>
public sealed record AccountingWitness(Sight Sight, JobState State = default, int Restarts = 0, JobExit? Exit = null)
{
    public static readonly AccountingWitness NoAnswer = new(Sight.NoAnswer);

    public static readonly AccountingWitness Absent = new(Sight.Absent);

    public static AccountingWitness Of(AccountingRecord? record) => record is null ? Absent : new(Sight.Present, record.State, record.Restarts, record.Exit);
}

/// <summary>All that is known of a job's fate.</summary>
/// <param name="Mark">What the job itself left.</param>
/// <param name="Queue">What squeue says.</param>
/// <param name="Accounting">What sacct says.</param>
/// <param name="CancelAsked">True where we asked for it to be cancelled.</param>
/// <param name="GraceOver">True once the job has been out of the queue (or over in it) for so long that marks and records of it must have arrived.</param>
public sealed record JobWitnesses(JobMark Mark, QueueWitness Queue, AccountingWitness Accounting, bool CancelAsked, bool GraceOver);
