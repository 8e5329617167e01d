using System.Text.Json;

namespace Holoflow.Contracts;

/// <summary>A hint that a run waits for a free slot. Short-lived; a lost one is offered again.</summary>
[Message("run-offered", Addresses.RunOffers, Identity = "OfferId")]
public sealed record RunOffered(Guid OfferId, Guid RunId, string Queue, IReadOnlyList<string> Tags, DateTimeOffset ExpiresAt) : IRouted, IExpiring, IOfRun
{
    public string RoutingKey => OfferRoute.Key(Queue, Tags);
}

/// <summary>An agent that took an offer asks for the run.</summary>
[Message("claim-run", Addresses.StateStore, Identity = "RunId, AgentId, OfferId")]
public sealed record ClaimRun(Guid RunId, string AgentId, Guid OfferId) : IRequest<ClaimAnswered>, IOfRun;

/// <summary>The answer to a claim: the granted run, or why not.</summary>
[Message("claim-answered", Addresses.Answers)]
public sealed record ClaimAnswered(bool Granted, string? Reason = null, GrantedRun? Run = null);

/// <summary>All that an agent needs to launch a run.</summary>
public sealed record GrantedRun
{
    public required Guid RunId { get; init; }

    public required string RunName { get; init; }

    public required string FlowName { get; init; }

    public string? DeploymentName { get; init; }

    public required RunProgram Program { get; init; }

    public required JsonElement Parameters { get; init; }

    public IReadOnlyList<string> Tags { get => field ?? []; init; } = [];

    public required string Queue { get; init; }

    public required long Epoch { get; init; }

    /// <summary>Which launch this is, from 1.</summary>
    public required int Attempt { get; init; }

    public required double LeaseSeconds { get; init; }

    public DateTimeOffset DueAt { get; init; }

    /// <summary>The last sequence of the run's journal that is stored: an attempt on a host that lacks the journal numbers on from there.</summary>
    public long JournalThrough { get; init; }

    /// <summary>What has a concurrency limit. Null from an older state store, which gives tasks no slots.</summary>
    public IReadOnlyList<string>? Limited { get; init; }
}

/// <summary>Renews leases in one batch. The answer tells what became of those that are no longer held.</summary>
[Message("renew-leases", Addresses.Leases, Identity = "Runs.RunId, Runs.Epoch")]
public sealed record RenewLeases(string AgentId, IReadOnlyList<HeldRun> Runs) : IRequest<LeasesRenewed>;

public readonly record struct HeldRun(Guid RunId, long Epoch);

/// <param name="Runs">One for each run asked for.</param>
/// <param name="LeaseSeconds">How long the renewed ones hold.</param>
[Message("leases-renewed", Addresses.Answers)]
public sealed record LeasesRenewed(IReadOnlyList<RenewedRun> Runs, double LeaseSeconds)
{
    /// <summary>What has a concurrency limit now.</summary>
    public IReadOnlyList<string>? Limited { get; init; }

    /// <summary>Requests of these runs that have got their slots: makes a lost <see cref="RunControl"/> good.</summary>
    public IReadOnlyList<GrantedSlots>? Slots { get; init; }
}

/// <summary>A request for slots that was granted, and its run.</summary>
public readonly record struct GrantedSlots(Guid RunId, Guid Request);

/// <param name="RunId">The run.</param>
/// <param name="Epoch">The epoch that was asked for.</param>
/// <param name="Held">False: fenced or ended; the agent kills what it still runs of it.</param>
/// <param name="Wanted">What the run should be doing: Run, Cancel or Pause (a lost control message is made good here).</param>
public readonly record struct RenewedRun(Guid RunId, long Epoch, bool Held, WantedOfRun Wanted);

public enum WantedOfRun
{
    Run,
    Pause,
    Cancel,
}

/// <summary>An agent reports what became of a run that it holds; resent until answered.</summary>
[Message("report-run", Addresses.StateStore, Identity = "RunId, Epoch, Report")]
public sealed record ReportRun : IRequest<CommandAnswered>, IOfRun
{
    public required Guid RunId { get; init; }

    public required string AgentId { get; init; }

    public required long Epoch { get; init; }

    /// <summary>Started, GivenBack, Completed, Failed, Crashed or Cancelled.</summary>
    public required RunReport Report { get; init; }

    /// <summary>A state name within the type, e.g. TimedOut.</summary>
    public string? Name { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The flow's result as JSON, where it is small.</summary>
    public JsonElement? Result { get; init; }
}

public enum RunReport
{
    Started,
    GivenBack,
    Completed,
    Failed,
    Crashed,
    Cancelled,
}

/// <summary>
/// A batch of journal entries other than log lines, in order of sequence. Applied once: entries at or below the sequence
/// that the state store has for the run are dropped.
/// </summary>
[Message("report-tasks", Addresses.TaskReports, Identity = "RunId, Epoch, Events.Sequence")]
public sealed record ReportTasks(Guid RunId, string AgentId, long Epoch, IReadOnlyList<RunEvent> Events) : IRequest<CommandAnswered>, IOfRun
{
    /// <summary>
    /// The sequence of the last entry sent before these: where the state store lacks it, the batch is refused and the answer's version tells
    /// from where to send again. Null: not checked; then a batch must not be sent before the one before it was answered.
    /// </summary>
    public long? After { get; init; }
}

/// <summary>One journal entry on its way to the state store. What is null does not apply to its kind.</summary>
public sealed record RunEvent
{
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    public required RunEventKind Kind { get; init; }

    /// <summary>The nested run that the entry belongs to; null: the run itself.</summary>
    public Guid? NestedRun { get; init; }

    /// <summary>The task run, the artifact, or the request for slots, whose names are the <see cref="Tags"/>.</summary>
    public Guid? Subject { get; init; }

    public Guid? Task { get; init; }

    public string? Key { get; init; }

    public string? TaskName { get; init; }

    public string? RunName { get; init; }

    public string? FlowName { get; init; }

    public string? Description { get; init; }

    public int? MapIndex { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public IReadOnlyList<TaskEdge>? Inputs { get; init; }

    public string? Type { get; init; }

    public string? Name { get; init; }

    public string? Message { get; init; }

    public int? RunCount { get; init; }

    public double? Fraction { get; init; }

    public long? Count { get; init; }

    public long? Total { get; init; }

    public double? SecondsLeft { get; init; }

    public JsonElement? Data { get; init; }

    public string? File { get; init; }

    public AllocationReport? Allocation { get; init; }
}

public readonly record struct TaskEdge(Guid From, string Name);

public enum RunEventKind
{
    TaskCreated,
    TaskChanged,
    Progressed,
    ArtifactMade,
    NestedRunCreated,
    NestedRunChanged,
    SlotsWanted,
    SlotsReleased,

    /// <summary>An allocation of the run; with sequence 0 it is not of the journal: the job that the run itself is, told by its agent.</summary>
    AllocationChanged,
}

/// <summary>A Slurm job, or a task of a job array, that a run has asked for: as it is now.</summary>
public sealed record AllocationReport
{
    /// <summary>What tells the job from the run's others, e.g. <c>beams-1</c>; <c>flow-</c> and the epoch where it is the run itself.</summary>
    public required string Key { get; init; }

    /// <summary>Its index, where it is part of an array.</summary>
    public int? ArrayIndex { get; init; }

    /// <summary>The cluster profile.</summary>
    public required string Cluster { get; init; }

    public long? JobId { get; init; }

    public required AllocationPhase Phase { get; init; }

    /// <summary>What became of it, e.g. Pending, Running, TimeLimit.</summary>
    public required string State { get; init; }

    /// <summary>The same in plain words, with Slurm's reason.</summary>
    public string? Message { get; init; }

    public string? Node { get; init; }

    /// <summary>When Slurm expects it to start.</summary>
    public DateTimeOffset? ExpectedAt { get; init; }

    public string? Partition { get; init; }

    /// <summary>The task runs that it has begun to execute since it was told of last; null: none.</summary>
    public IReadOnlyList<Guid>? Tasks { get; init; }
}

/// <summary>How far an allocation has come.</summary>
public enum AllocationPhase
{
    Waiting,
    Running,
    Ended,
}

/// <summary>An agent tells of itself: at start, when its free slots change, and at least every few seconds.</summary>
[Message("agent-capacity-changed", Addresses.Agents, Repeated = true, Identity = "AgentId, Sequence")]
public sealed record AgentCapacityChanged : IRouted
{
    public required string AgentId { get; init; }

    public required string Name { get; init; }

    public required string Host { get; init; }

    public required IReadOnlyList<string> Queues { get; init; }

    /// <summary>Runs must carry all of them to be taken; empty: any run of the queues.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    public required int Slots { get; init; }

    public required int FreeSlots { get; init; }

    public required long Sequence { get; init; }

    public required string Version { get; init; }

    /// <summary>False in its last message before it stops.</summary>
    public bool Online { get; init; } = true;

    public string RoutingKey => $"agent.{RoutingWord.Of(AgentId)}.capacity";
}

/// <summary>The state store asks the agent that holds a run to do something.</summary>
[Message("run-control", Addresses.AgentControl, Identity = "RunId, Epoch, Wanted, Slots")]
public sealed record RunControl(string AgentId, Guid RunId, long Epoch, WantedOfRun Wanted, string? Reason) : IRouted, IOfRun
{
    /// <summary>Requests of the run that have got their slots; then the message says nothing else.</summary>
    public IReadOnlyList<Guid>? Slots { get; init; }

    public string RoutingKey => $"agent.{RoutingWord.Of(AgentId)}";
}
