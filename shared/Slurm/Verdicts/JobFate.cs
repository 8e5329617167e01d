namespace Holoflow.Slurm.Verdicts;

/// <summary>What became of a job. From <see cref="Completed"/> on it is over.</summary>
public enum JobFate
{
    /// <summary>Nobody answers: nothing is known now.</summary>
    Unknown,

    /// <summary>It waits in the queue.</summary>
    Pending,

    /// <summary>It waits, and will never start unless somebody acts.</summary>
    HeldForever,

    /// <summary>It waits with an account that Slurm does not accept, and will never start.</summary>
    InvalidAccount,

    /// <summary>It was taken from its node, and waits for a new attempt.</summary>
    Requeued,

    Running,

    Suspended,

    /// <summary>It is ending, or has ended: who knows how has not said it yet.</summary>
    Ending,

    Completed,

    /// <summary>Its program failed.</summary>
    Failed,

    /// <summary>Its walltime was over.</summary>
    TimeLimit,

    OutOfMemory,

    /// <summary>Its node failed.</summary>
    NodeFailed,

    /// <summary>A more important job took its place.</summary>
    Preempted,

    /// <summary>Cancelled because we asked.</summary>
    Cancelled,

    /// <summary>Cancelled by somebody else.</summary>
    CancelledOutside,

    /// <summary>Slurm could not start it on its node.</summary>
    LaunchFailed,

    /// <summary>It left the queue without having started, and nobody says why.</summary>
    NeverStarted,

    /// <summary>It started and is gone, and nobody says how it ended.</summary>
    Lost,
}
