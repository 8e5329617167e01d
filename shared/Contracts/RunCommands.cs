using System.Text.Json;

namespace Holoflow.Contracts;

/// <summary>Asks for a new flow run. The run id is chosen by the sender, so that a repeat is harmless.</summary>
[Message("submit-run", Addresses.StateStore, Kept = true, Identity = "RunId, IdempotencyKey, ScheduleId, FireTime")]
public sealed record SubmitRun : IRequest<CommandAnswered>, IOfRun
{
    public required Guid RunId { get; init; }

    /// <summary>Null: the state store makes one.</summary>
    public string? RunName { get; init; }

    /// <summary>Null for a run without a deployment (<c>holoflow run</c>): then <see cref="Program"/> and <see cref="FlowName"/> are given.</summary>
    public Guid? DeploymentId { get; init; }

    public string? FlowName { get; init; }

    public RunProgram? Program { get; init; }

    public required JsonElement Parameters { get; init; }

    public IReadOnlyList<string> Tags { get => field ?? []; init; } = [];

    /// <summary>Null: the deployment's.</summary>
    public string? Queue { get; init; }

    /// <summary>Null: the deployment's. A lower number goes first.</summary>
    public int? Priority { get; init; }

    /// <summary>Null: now.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public string? IdempotencyKey { get; init; }

    public Guid? ScheduleId { get; init; }

    /// <summary>The schedule's fire time: with the schedule id it makes the run unique.</summary>
    public DateTimeOffset? FireTime { get; init; }
}

/// <summary>Where a flow's program lies and how it is started. Nothing is copied.</summary>
public sealed record RunProgram
{
    static readonly Dictionary<string, string> NoEnvironment = [];

    /// <summary>Absolute path of the .dll or executable.</summary>
    public required string Path { get; init; }

    public string? Method { get; init; }

    /// <summary>Absolute; null: the run directory.</summary>
    public string? WorkingDirectory { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get => field ?? NoEnvironment; init; } = NoEnvironment;

    public int Retries { get; init; }

    public double RetryDelaySeconds { get; init; }

    /// <summary>0: none.</summary>
    public double TimeoutSeconds { get; init; }

    /// <summary>How often a crashed run is scheduled again by itself.</summary>
    public int CrashReschedules { get; init; }

    public string? FlowVersion { get; init; }

    /// <summary>The cluster profile (its name, or its file, where the agent is) that the run is a Slurm job of; null: a process of the agent's machine.</summary>
    public string? Cluster { get; init; }
}

[Message("cancel-run", Addresses.StateStore, Identity = "CommandId")]
public sealed record CancelRun(Guid RunId, string? Reason) : IRequest<CommandAnswered>, IOfRun, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();
}

[Message("pause-run", Addresses.StateStore, Identity = "CommandId")]
public sealed record PauseRun(Guid RunId, string? Reason) : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();
}

[Message("resume-run", Addresses.StateStore, Identity = "CommandId")]
public sealed record ResumeRun(Guid RunId) : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();
}

[Message("rerun-run", Addresses.StateStore, Identity = "CommandId")]
public sealed record RerunRun(Guid RunId, string? Reason) : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();
}

/// <summary>Removes an ended run with everything that belongs to it.</summary>
[Message("delete-run", Addresses.StateStore, Identity = "RunId")]
public sealed record DeleteRun(Guid RunId) : IRequest<CommandAnswered>;

/// <summary>The answer to a command.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="Reason">Why it was refused or ignored, for the one who asked.</param>
/// <param name="Id">The thing that was made or changed.</param>
/// <param name="Version">Its version or revision now.</param>
[Message("command-answered", Addresses.Answers)]
public sealed record CommandAnswered(CommandOutcome Outcome, string? Reason = null, Guid? Id = null, long Version = 0)
{
    /// <summary>The field that is wrong, where one is.</summary>
    public string? Field { get; init; }
}

public enum CommandOutcome
{
    Accepted,

    /// <summary>It was so already; a repeat of an idempotent command gets this with the first one's id.</summary>
    Ignored,
    Refused,
    NotFound,
}
