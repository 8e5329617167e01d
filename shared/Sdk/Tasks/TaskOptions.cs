namespace Holoflow.Sdk;

/// <summary>How a task is executed. Change a valid default: <c>new TaskOptions { Retries = 3 }</c>.</summary>
public sealed record TaskOptions
{
    public static TaskOptions Default { get; } = new();

    /// <summary>What the task does: shown with each of its task runs.</summary>
    public string? Description { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>
    /// Concurrency limits of which an execution needs a slot each, as it does of those of its <see cref="Tags"/> that have a limit: it waits for all
    /// of them together, over all runs and agents, and gives them back at its end.
    /// </summary>
    public IReadOnlyList<string> Limits { get; init; } = [];

    /// <summary>
    /// The name of a task run, for people: text with inputs in braces, e.g. <c>regrid {channel}</c>. An input that is another
    /// task's future shows as that task's name until it is known.
    /// </summary>
    public string? RunName { get; init; }

    /// <summary>How often a failed execution is repeated.</summary>
    public int Retries { get; init; }

    /// <summary>How long to wait before each retry.</summary>
    public RetryDelays RetryDelays { get; init; } = RetryDelays.None;

    /// <summary>Whether an exception is worth a retry; null: every one is.</summary>
    public Func<Exception, bool>? RetryIf { get; init; }

    /// <summary>How long one execution may take, from its start to its end; then its token is cancelled and it fails as TimedOut. Null: as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Makes the key under which a result is kept across runs; a later run that gets the same key takes the result instead of
    /// executing the task. Null from the function: this one is not cached. See <see cref="CacheKeys"/>.
    /// </summary>
    public Func<TaskInputs, string?>? CacheKey { get; init; }

    /// <summary>How long a cached result may be used; null: for ever.</summary>
    public TimeSpan? CacheExpiry { get; init; }

    /// <summary>
    /// Whether the result is kept in the run directory, so that a retried run does not execute the task again. Results and inputs
    /// must then survive JSON. Without, a retried run executes the task again.
    /// </summary>
    public bool PersistResult { get; init; } = true;

    /// <summary>What one execution needs, for runners that place tasks on a cluster.</summary>
    public TaskResources Resources { get; init; } = TaskResources.Default;

    /// <summary>How it is executed where its flow runs with a cluster.</summary>
    public ClusterUse Cluster { get; init; } = ClusterUse.Pool;

    /// <summary>Whether what the task prints to the console goes to its log.</summary>
    public bool ForwardConsole { get; init; }
}

/// <summary>What one execution of a task needs.</summary>
public sealed record TaskResources
{
    public static TaskResources Default { get; } = new();

    public int Cores { get; init; } = 1;

    /// <summary>In bytes; null: what the cluster gives by default.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The longest time an execution may take on a cluster; null: the cluster's default.</summary>
    public TimeSpan? Walltime { get; init; }

    public int Gpus { get; init; }

    /// <summary>By how much the memory is multiplied for the retry after an execution that ran out of it.</summary>
    public double MemoryGrowth { get; init; } = 1;

    /// <summary>By how much the walltime is multiplied for the retry after an execution whose walltime was over.</summary>
    public double WalltimeGrowth { get; init; } = 1;

    /// <summary>The most memory that <see cref="MemoryGrowth"/> leads to, in bytes; null: no limit.</summary>
    public long? LargestMemoryBytes { get; init; }

    /// <summary>The longest walltime that <see cref="WalltimeGrowth"/> leads to; null: no limit.</summary>
    public TimeSpan? LongestWalltime { get; init; }

    /// <summary>What the next execution needs, after one that failed.</summary>
    internal TaskResources After(Exception failure) => failure is not AllocationFailedException { IsOwnFault: true, Reason: var reason } ? this
        : reason is "OutOfMemory" or "WorkerKilled" && MemoryBytes is { } memory ? this with { MemoryBytes = Math.Max(memory, (long)Math.Min(memory * MemoryGrowth, LargestMemoryBytes ?? long.MaxValue)) }
        : reason == "TimeLimit" && Walltime is { } walltime ? this with { Walltime = TimeSpan.FromTicks(Math.Max(walltime.Ticks, (long)Math.Min(walltime.Ticks * WalltimeGrowth, LongestWalltime?.Ticks ?? long.MaxValue))) }
        : this;
}
