namespace Holoflow.Slurm.Verdicts;

/// <summary>What a waiting job waits for.</summary>
public enum Waiting
{
    /// <summary>It starts by itself, sooner or later.</summary>
    Queued,

    /// <summary>It never starts unless somebody changes something.</summary>
    Held,

    /// <summary>It never starts: the account or quality of service is not valid.</summary>
    InvalidAccount,
}

/// <summary>Slurm's reason why a job waits, in plain words.</summary>
/// <param name="Text">Slurm's own word.</param>
/// <param name="Plain">The same in plain words.</param>
/// <param name="Waiting">Whether it will start by itself.</param>
public sealed record PendingReason(string Text, string Plain, Waiting Waiting)
{
    /// <summary>Reads the reason that squeue prints; one that is not known is shown as it is.</summary>
    public static PendingReason Parse(string text)
    {
        var word = text.Trim().Trim('(', ')');
        var end = word.IndexOfAny([',', ' ']);
        var name = end < 0 ? word : word[..end];
        return Known.TryGetValue(name, out var known) ? new(word, known.Plain, known.Waiting)
            : name.StartsWith("Assoc", StringComparison.Ordinal) ? new(word, $"a limit of the account is reached ({word})", Waiting.Queued)
            : name.StartsWith("QOS", StringComparison.Ordinal) ? new(word, $"a limit of the quality of service is reached ({word})", Waiting.Queued)
            : new(word, word.Length == 0 ? "Slurm gives no reason" : $"Slurm's reason: {word}", Waiting.Queued);
    }

    /// <summary>Every reason that has plain words.</summary>
    public static IReadOnlyDictionary<string, (string Plain, Waiting Waiting)> Known { get; } = new Dictionary<string, (string, Waiting)>(StringComparer.Ordinal)
    {
        ["None"] = ("Slurm has not looked at it yet", Waiting.Queued),
        ["Resources"] = ("it is next, and waits until enough cores and memory are free", Waiting.Queued),
        ["Priority"] = ("jobs with a higher priority are before it", Waiting.Queued),
        ["Dependency"] = ("it waits for another job to end", Waiting.Queued),
        ["DependencyNeverSatisfied"] = ("it waits for another job that failed: it will never start", Waiting.Held),
        ["JobArrayTaskLimit"] = ("as many tasks of its array run as are allowed at once", Waiting.Queued),
        ["BeginTime"] = ("its earliest start is still to come (after a requeue Slurm waits about two minutes)", Waiting.Queued),
        ["JobHeldUser"] = ("it is on hold: somebody has to release it (scontrol release)", Waiting.Held),
        ["JobHeldAdmin"] = ("an administrator has put it on hold", Waiting.Held),
        ["JobHoldMaxRequeue"] = ("it was requeued too often, and Slurm put it on hold", Waiting.Held),
        ["launch"] = ("it could not be launched on its node, and Slurm put it on hold", Waiting.Held),
        ["launch_failed_requeued_held"] = ("it could not be launched on its node, and Slurm put it on hold", Waiting.Held),
        ["JobLaunchFailure"] = ("it could not be launched on its node", Waiting.Held),
        ["BadConstraints"] = ("no node has what it asks for: it will never start", Waiting.Held),
        ["PartitionNodeLimit"] = ("it asks for more nodes than the partition has or allows: it will never start", Waiting.Held),
        ["PartitionTimeLimit"] = ("its walltime is longer than the partition allows: it will never start", Waiting.Held),
        ["PartitionDown"] = ("the partition is down", Waiting.Queued),
        ["PartitionInactive"] = ("the partition is inactive", Waiting.Queued),
        ["AccountNotAllowed"] = ("the account may not use this partition: it will never start", Waiting.InvalidAccount),
        ["QosNotAllowed"] = ("the quality of service may not use this partition: it will never start", Waiting.InvalidAccount),
        ["InvalidAccount"] = ("the account is not valid: it will never start", Waiting.InvalidAccount),
        ["InvalidQOS"] = ("the quality of service is not valid: it will never start", Waiting.InvalidAccount),
        ["AssociationJobLimit"] = ("the account has as many jobs as it may", Waiting.Queued),
        ["AssociationResourceLimit"] = ("the account uses as much as it may", Waiting.Queued),
        ["AssociationTimeLimit"] = ("the account has used up its time", Waiting.Held),
        ["AssocMaxWallDurationPerJobLimit"] = ("its walltime is longer than the account allows: it will never start", Waiting.Held),
        ["AssocMaxCpuPerJobLimit"] = ("it asks for more cores than the account allows: it will never start", Waiting.Held),
        ["AssocMaxNodePerJobLimit"] = ("it asks for more nodes than the account allows: it will never start", Waiting.Held),
        ["AssocMaxJobsLimit"] = ("the account has as many jobs as it may", Waiting.Queued),
        ["AssocGrpCpuLimit"] = ("the account uses as many cores as it may", Waiting.Queued),
        ["AssocGrpMemLimit"] = ("the account uses as much memory as it may", Waiting.Queued),
        ["AssocGrpCPUMinutesLimit"] = ("the account has used up its core minutes", Waiting.Held),
        ["AssocGrpBillingMinutes"] = ("the account has used up its budget", Waiting.Held),
        ["QOSMaxWallDurationPerJobLimit"] = ("its walltime is longer than the quality of service allows: it will never start", Waiting.Held),
        ["QOSMaxCpuPerJobLimit"] = ("it asks for more cores than the quality of service allows: it will never start", Waiting.Held),
        ["QOSMaxCpuPerUserLimit"] = ("this user uses as many cores as the quality of service allows", Waiting.Queued),
        ["QOSMaxJobsPerUserLimit"] = ("this user has as many jobs as the quality of service allows", Waiting.Queued),
        ["QOSJobLimit"] = ("the quality of service has as many jobs as it may", Waiting.Queued),
        ["QOSResourceLimit"] = ("the quality of service uses as much as it may", Waiting.Queued),
        ["QOSTimeLimit"] = ("the quality of service has used up its time", Waiting.Held),
        ["ReqNodeNotAvail"] = ("a node that it needs is down, drained or reserved", Waiting.Queued),
        ["NodeDown"] = ("a node that it needs is down", Waiting.Queued),
        ["Nodes"] = ("the nodes that it needs are down, drained, or reserved for jobs in partitions of higher priority", Waiting.Queued),
        ["Reservation"] = ("its reservation has not begun", Waiting.Queued),
        ["ReservationDeleted"] = ("its reservation was deleted", Waiting.Held),
        ["Licenses"] = ("it waits for a licence", Waiting.Queued),
        ["Prolog"] = ("the site prepares its node", Waiting.Queued),
        ["Cleaning"] = ("it was requeued, and what is left of its earlier attempt is cleaned up", Waiting.Queued),
        ["MaxMemPerLimit"] = ("it asks for more memory than is allowed: it will never start", Waiting.Held),
        ["InactiveLimit"] = ("the site's limit for inactive jobs is reached", Waiting.Queued),
        ["FrontEndDown"] = ("no front-end node is up", Waiting.Queued),
        ["SchedDefer"] = ("Slurm looks at it only with the next round of scheduling", Waiting.Queued),
        ["DeadLine"] = ("its deadline cannot be met", Waiting.Held),
        ["BurstBufferResources"] = ("it waits for burst-buffer space", Waiting.Queued),
        ["BurstBufferStageIn"] = ("its data are brought to the burst buffer", Waiting.Queued),
    };
}
