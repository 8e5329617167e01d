using Holoflow.Slurm.Submission;

namespace Holoflow.Slurm.Profiles;

/// <summary>How a site's Slurm is used, from one YAML file.</summary>
/// <param name="Name">The profile's name: the file's, without its ending.</param>
/// <param name="Partition">The partition; null for the site's default.</param>
/// <param name="Account">The account; null for the user's default.</param>
/// <param name="Cores">CPUs of one job.</param>
/// <param name="Processes">Workers that share one job.</param>
/// <param name="MemoryMiB">Memory of one job, in MiB; null leaves it to the site.</param>
/// <param name="Walltime">The time limit of one job; null leaves it to the site.</param>
/// <param name="Directives">More options of sbatch.</param>
/// <param name="Prologue">Lines of shell that run on the node before the work, e.g. <c>module load</c>.</param>
/// <param name="LogDirectory">Where jobs' directories are made instead of the run's own; null for that.</param>
/// <param name="MinimumAllocations">Jobs that a pool always holds.</param>
/// <param name="MaximumAllocations">Jobs that a pool holds at most.</param>
/// <param name="CallsPerMinute">The hard limit of calls of Slurm's commands.</param>
/// <param name="IdleTimeoutSeconds">After how many seconds without a task a pool gives an allocation back.</param>
/// <param name="CancelAfterCrash">Whether the jobs of a flow process that died are cancelled by the one that takes its place; else it goes on with them.</param>
public sealed record ClusterProfile(
    string Name,
    string? Partition = null,
    string? Account = null,
    int Cores = 1,
    int Processes = 1,
    long? MemoryMiB = null,
    TimeSpan? Walltime = null,
    IReadOnlyList<Directive>? Directives = null,
    IReadOnlyList<string>? Prologue = null,
    string? LogDirectory = null,
    int MinimumAllocations = 0,
    int MaximumAllocations = 10,
    int CallsPerMinute = 30,
    int IdleTimeoutSeconds = 120,
    bool CancelAfterCrash = false)
{
    public IReadOnlyList<Directive> Directives { get; init; } = Directives ?? [];

    public IReadOnlyList<string> Prologue { get; init; } = Prologue ?? [];

    /// <summary>What is wrong where the site has no such partition; null where it has all that the profile names.</summary>
    /// <param name="nodes">The site's, once for each partition that they are in.</param>
    public string? UnknownPartition(IReadOnlyList<Node> nodes)
    {
        // Another cluster's partitions are not those that this one's sinfo shows.
        if (Directives.Any(directive => directive.Name == "clusters"))
            return null;
        var known = nodes.Select(node => node.Partition).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return (Partition?.Split(',') ?? []).Where(name => !known.Contains(name, StringComparer.Ordinal)).ToList() is { Count: > 0 } unknown
            ? $"there is no partition '{string.Join("', '", unknown)}': the site's partitions are {string.Join(", ", known)}"
            : null;
    }

    /// <summary>A job as the profile says.</summary>
    public SubmitRequest Request(Jobs.JobKey key, string directory, IReadOnlyList<string> command) => new()
    {
        Key = key, Directory = directory, Command = command, Partition = Partition, Account = Account, Cores = Cores, MemoryMiB = MemoryMiB, Walltime = Walltime, Directives = Directives, Prologue = Prologue,
    };
}

/// <summary>A mistake in a profile.</summary>
/// <param name="Line">The line, from 1; 0 where it concerns the whole file.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record ProfileFault(long Line, string Message)
{
    public override string ToString() => Line > 0 ? $"line {Line}: {Message}" : Message;
}

/// <summary>A profile that cannot be used; all its mistakes at once.</summary>
public sealed class ProfileException(string file, IReadOnlyList<ProfileFault> faults) : Exception($"{file}: {string.Join("; ", faults)}")
{
    public IReadOnlyList<ProfileFault> Faults { get; } = faults;
}
