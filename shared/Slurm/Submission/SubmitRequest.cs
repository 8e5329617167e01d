using Holoflow.Slurm.Jobs;

namespace Holoflow.Slurm.Submission;

/// <summary>A job to submit.</summary>
public sealed record SubmitRequest
{
    /// <summary>What it is found again by.</summary>
    public required JobKey Key { get; init; }

    /// <summary>Its directory on the shared file system; marks and streams are written there.</summary>
    public required string Directory { get; init; }

    /// <summary>The program and its arguments; each reaches the job byte for byte.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>What people read in the job's comment: any text of one line, up to 200 characters.</summary>
    public string Label { get; init; } = "";

    /// <summary>The name of a run as a label: without what cannot stand there.</summary>
    public static string LabelOf(string runName) => new([.. runName.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(100)]);

    public string? Partition { get; init; }

    public string? Account { get; init; }

    /// <summary>CPUs of the job, all on one node.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Memory of the job, in MiB; null leaves it to the site.</summary>
    public long? MemoryMiB { get; init; }

    /// <summary>The time limit, whole minutes (rounded up); null leaves it to the site.</summary>
    public TimeSpan? Walltime { get; init; }

    /// <summary>The array's indices; null for a job that is no array.</summary>
    public IReadOnlyCollection<int>? Array { get; init; }

    /// <summary>How many tasks of the array run at once; null for all.</summary>
    public int? Throttle { get; init; }

    /// <summary>Whether Slurm itself starts the job again after a node failed or a more important job took its place.</summary>
    public bool Requeue { get; init; }

    /// <summary>Submitted, but not started until it is released.</summary>
    public bool Hold { get; init; }

    /// <summary>More options of sbatch, from the cluster profile.</summary>
    public IReadOnlyList<Directive> Directives { get; init; } = [];

    /// <summary>Lines that run before the work, from the cluster profile.</summary>
    public IReadOnlyList<string> Prologue { get; init; } = [];

    /// <summary>What is added to the job's environment, or taken from it (null).</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);
}

/// <summary>A request that Slurm is not asked at all, because it cannot be put without being changed.</summary>
public sealed class SubmitRequestException(IReadOnlyList<string> faults) : Exception($"the job cannot be submitted: {string.Join("; ", faults)}")
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
