namespace Holoflow.Slurm.Verdicts;

public enum MarkKind
{
    /// <summary>The directory can be read, and no attempt has started.</summary>
    None,

    /// <summary>The directory cannot be read now.</summary>
    Unreadable,
    Started,
    Ended,
}

/// <summary>What Slurm wrote last into the job's own file on its node, before it ended the job.</summary>
public enum LastWords
{
    None,
    TimeLimit,
    Memory,
    Preempted,
    Requeued,
    NodeFailure,
    Cancelled,
}

/// <summary>What the job itself left in its directory: of its newest attempt.</summary>
/// <param name="Kind">How far it came.</param>
/// <param name="Attempt">The attempt: Slurm's restart count.</param>
/// <param name="ExitStatus">The program's exit status; above 128 a signal.</param>
/// <param name="Terminated">True where the job was told to end (SIGTERM) before its program ended.</param>
/// <param name="Words">What Slurm wrote into the job's file.</param>
/// <param name="JobId">The array task's or job's own id.</param>
/// <param name="Node">The node it ran on.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="PrologueFailed">True where the profile's prologue failed, and the program was not started.</param>
public sealed record JobMark(
    MarkKind Kind, int Attempt = 0, int ExitStatus = 0, bool Terminated = false, LastWords Words = LastWords.None, long? JobId = null, string Node = "",
    DateTimeOffset? StartedAt = null, DateTimeOffset? EndedAt = null, bool PrologueFailed = false)
{
    public static readonly JobMark None = new(MarkKind.None);

    public static readonly JobMark Unreadable = new(MarkKind.Unreadable);
}
