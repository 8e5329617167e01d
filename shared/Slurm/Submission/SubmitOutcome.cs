namespace Holoflow.Slurm.Submission;

/// <summary>Why Slurm says no to a job.</summary>
public enum SubmitRefusal
{
    Other,
    InvalidAccount,
    InvalidPartition,
    InvalidQos,
    TooMuch,
    TooManyJobs,
    NotAllowed,
    SlurmMissing,
}

/// <summary>What became of a submission.</summary>
public abstract record SubmitOutcome
{
    /// <summary>Slurm has the job.</summary>
    /// <param name="JobId">Its id.</param>
    /// <param name="WasFound">True where it was not submitted now, but found from an earlier submission.</param>
    public sealed record Accepted(long JobId, bool WasFound) : SubmitOutcome;

    /// <summary>Slurm, or this machine, said no; nothing was submitted.</summary>
    /// <param name="Kind">What is wrong.</param>
    /// <param name="Message">In plain words, with the site's own.</param>
    public sealed record Refused(SubmitRefusal Kind, string Message) : SubmitOutcome;

    /// <summary>Nobody answered: the job may have been accepted. The next <c>Submit</c> of the same request searches for it first.</summary>
    public sealed record Unknown(string Message) : SubmitOutcome;
}

/// <summary>Slurm's words on a refused job, in plain ones.</summary>
static class RefusalWords
{
    static readonly (string Words, SubmitRefusal Kind, string Plain)[] Table =
    [
        ("Invalid account or account/partition", SubmitRefusal.InvalidAccount, "the account is unknown, or may not use this partition"),
        ("Invalid account", SubmitRefusal.InvalidAccount, "the account is unknown here"),
        ("Invalid partition", SubmitRefusal.InvalidPartition, "there is no such partition"),
        ("Invalid qos", SubmitRefusal.InvalidQos, "the quality of service is unknown, or not for this account"),
        ("violates accounting/QOS policy", SubmitRefusal.TooManyJobs, "a limit of the account or quality of service is reached"),
        ("Job violates", SubmitRefusal.TooManyJobs, "a limit of the account or quality of service is reached"),
        ("Requested node configuration is not available", SubmitRefusal.TooMuch, "no node of the partition has so many cores or so much memory"),
        ("Memory specification can not be satisfied", SubmitRefusal.TooMuch, "no node has so much memory"),
        ("More processors requested than permitted", SubmitRefusal.TooMuch, "no node has so many cores"),
        ("Node count specification invalid", SubmitRefusal.TooMuch, "the partition does not allow so many nodes"),
        ("Requested time limit is invalid", SubmitRefusal.TooMuch, "the walltime is longer than the partition allows"),
        ("Invalid job array specification", SubmitRefusal.TooMuch, "the array has an index above the site's MaxArraySize"),
        ("Access/permission denied", SubmitRefusal.NotAllowed, "the site does not let this user submit"),
        ("User's group not permitted", SubmitRefusal.NotAllowed, "this user's group may not use the partition"),
    ];

    public static SubmitOutcome.Refused Explain(string words)
    {
        var known = Table.FirstOrDefault(row => words.Contains(row.Words, StringComparison.OrdinalIgnoreCase));
        return new(known.Kind, $"{known.Plain ?? "sbatch refused"} (Slurm: {words})");
    }
}
