namespace Holoflow.Slurm.Jobs;

/// <summary>Slurm's job states. One that this version does not know is <see cref="Unknown"/>, with its text kept beside it.</summary>
public enum JobStateKind
{
    Unknown,
    Pending,
    Configuring,
    Running,
    Suspended,
    Completing,
    Requeued,
    RequeueHold,
    SpecialExit,
    Completed,
    Cancelled,
    Failed,
    TimeLimit,
    Deadline,
    OutOfMemory,
    NodeFail,
    BootFail,
    Preempted,
    Revoked,
}

/// <summary>A job's state as Slurm wrote it.</summary>
public readonly record struct JobState(JobStateKind Kind, string Text)
{
    /// <summary>True once the job will not change any more, unless somebody requeues it.</summary>
    public bool IsEnd => Kind is >= JobStateKind.Completed;

    /// <summary>Reads a state in the long or the short form, with what sacct adds ("CANCELLED by 1000", "CANCELLED+").</summary>
    public static JobState Parse(string text)
    {
        var trimmed = text.Trim();
        var end = trimmed.IndexOfAny([' ', '+']);
        var word = end < 0 ? trimmed : trimmed[..end];
        return new(Kinds.GetValueOrDefault(word.ToUpperInvariant()), trimmed);
    }

    /// <summary>Reads a state that newer versions give as a list of a base state and flags.</summary>
    public static JobState Parse(IEnumerable<string> words)
    {
        var states = words.Select(Parse).ToList();
        var text = string.Join('+', states.Select(s => s.Text));
        // A flag says more of what happens now than the base state does: COMPLETED with COMPLETING is not over yet, PENDING with REQUEUE_HOLD is held.
        var flag = states.Skip(1).FirstOrDefault(s => s.Kind is JobStateKind.Completing or JobStateKind.Configuring or JobStateKind.Requeued or JobStateKind.RequeueHold or JobStateKind.SpecialExit);
        return new(flag.Kind != JobStateKind.Unknown ? flag.Kind : states.FirstOrDefault().Kind, text);
    }

    static readonly Dictionary<string, JobStateKind> Kinds = new(StringComparer.Ordinal)
    {
        ["PENDING"] = JobStateKind.Pending, ["PD"] = JobStateKind.Pending,
        ["CONFIGURING"] = JobStateKind.Configuring, ["CF"] = JobStateKind.Configuring, ["POWER_UP_NODE"] = JobStateKind.Configuring,
        ["RUNNING"] = JobStateKind.Running, ["R"] = JobStateKind.Running, ["RESIZING"] = JobStateKind.Running, ["RS"] = JobStateKind.Running, ["SIGNALING"] = JobStateKind.Running, ["SI"] = JobStateKind.Running,
        ["STAGE_OUT"] = JobStateKind.Completing, ["SO"] = JobStateKind.Completing,
        ["SUSPENDED"] = JobStateKind.Suspended, ["S"] = JobStateKind.Suspended, ["STOPPED"] = JobStateKind.Suspended, ["ST"] = JobStateKind.Suspended,
        ["COMPLETING"] = JobStateKind.Completing, ["CG"] = JobStateKind.Completing,
        ["REQUEUED"] = JobStateKind.Requeued, ["RQ"] = JobStateKind.Requeued, ["REQUEUE_FED"] = JobStateKind.Requeued, ["RF"] = JobStateKind.Requeued,
        ["REQUEUE_HOLD"] = JobStateKind.RequeueHold, ["RH"] = JobStateKind.RequeueHold, ["RESV_DEL_HOLD"] = JobStateKind.RequeueHold, ["RD"] = JobStateKind.RequeueHold,
        ["SPECIAL_EXIT"] = JobStateKind.SpecialExit, ["SE"] = JobStateKind.SpecialExit,
        ["COMPLETED"] = JobStateKind.Completed, ["CD"] = JobStateKind.Completed,
        ["CANCELLED"] = JobStateKind.Cancelled, ["CA"] = JobStateKind.Cancelled,
        ["FAILED"] = JobStateKind.Failed, ["F"] = JobStateKind.Failed,
        ["TIMEOUT"] = JobStateKind.TimeLimit, ["TO"] = JobStateKind.TimeLimit,
        ["DEADLINE"] = JobStateKind.Deadline, ["DL"] = JobStateKind.Deadline,
        ["OUT_OF_MEMORY"] = JobStateKind.OutOfMemory, ["OOM"] = JobStateKind.OutOfMemory,
        ["NODE_FAIL"] = JobStateKind.NodeFail, ["NF"] = JobStateKind.NodeFail,
        ["BOOT_FAIL"] = JobStateKind.BootFail, ["BF"] = JobStateKind.BootFail,
        ["PREEMPTED"] = JobStateKind.Preempted, ["PR"] = JobStateKind.Preempted,
        ["REVOKED"] = JobStateKind.Revoked, ["RV"] = JobStateKind.Revoked,
    };
}
