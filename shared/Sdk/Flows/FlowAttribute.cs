namespace Holoflow.Sdk;

/// <summary>
/// Makes a static asynchronous method a flow. It may take a parameters record, a <see cref="FlowContext"/> and a
/// <see cref="CancellationToken"/>, in any order, each at most once; what it returns is the run's result.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FlowAttribute : Attribute
{
    /// <summary>For people and for <c>FLOW/DEPLOYMENT</c>; where unset, the method's name as words joined by hyphens.</summary>
    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Version { get; init; }

    /// <summary>How often a failed run is started again. Tasks that finished are not executed again.</summary>
    public int Retries { get; init; }

    /// <summary>Seconds from a failure to the next start.</summary>
    public double RetryDelaySeconds { get; init; }

    /// <summary>Seconds from the start of an attempt after which it is cancelled and fails as TimedOut; 0: none.</summary>
    public double TimeoutSeconds { get; init; }

    /// <summary>How many tasks of a run are executed at the same time; 0: as many as the machine has processors.</summary>
    public int Concurrency { get; init; }

    /// <summary>
    /// The cluster profile (its name, or its file) whose allocations execute the run's tasks; null: none. <c>--cluster</c> and the variable
    /// HOLOFLOW_CLUSTER go before it.
    /// </summary>
    public string? Cluster { get; init; }

    /// <summary>A static method of the same class that is called after a run completed. It may take a <see cref="FlowEnd"/> and return a task.</summary>
    public string? OnCompletion { get; init; }

    /// <summary>As <see cref="OnCompletion"/>, after a run failed.</summary>
    public string? OnFailure { get; init; }

    /// <summary>As <see cref="OnCompletion"/>, after a run was cancelled.</summary>
    public string? OnCancellation { get; init; }

    /// <summary>
    /// As <see cref="OnCompletion"/>, where the process ends under the run: called when it exits or dies of an unhandled exception
    /// on another thread, or else, after a kill, at the start of the next attempt.
    /// </summary>
    public string? OnCrash { get; init; }
}

/// <summary>How a flow run ended, for its hooks.</summary>
/// <param name="RunId">The run.</param>
/// <param name="RunName">Its name, for people.</param>
/// <param name="FlowName">The flow's name.</param>
/// <param name="State">Completed, Failed, Cancelled or Crashed, with the message that people see.</param>
/// <param name="Exception">Why it failed, where an exception says so.</param>
public sealed record FlowEnd(Guid RunId, string RunName, string FlowName, RunState State, Exception? Exception);
