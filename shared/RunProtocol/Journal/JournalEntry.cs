using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holoflow.RunProtocol.Journal;

/// <summary>
/// One line of the run journal. <c>n</c> counts from 1 without gaps over all attempts; <c>t</c> is UTC.
/// <c>run</c> names a nested flow run where the entry is not about the run itself.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "k", IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(FlowStarted), "flow-started")]
[JsonDerivedType(typeof(FlowPauseChanged), "flow-pause")]
[JsonDerivedType(typeof(FlowEnded), "flow-ended")]
[JsonDerivedType(typeof(NestedRunCreated), "nested-run")]
[JsonDerivedType(typeof(NestedRunChanged), "nested-state")]
[JsonDerivedType(typeof(TaskCreated), "task")]
[JsonDerivedType(typeof(TaskChanged), "state")]
[JsonDerivedType(typeof(Progressed), "progress")]
[JsonDerivedType(typeof(Logged), "log")]
[JsonDerivedType(typeof(ArtifactMade), "artifact")]
[JsonDerivedType(typeof(SlotsWanted), "slots-wanted")]
[JsonDerivedType(typeof(SlotsReleased), "slots-released")]
[JsonDerivedType(typeof(AllocationChanged), "allocation")]
public record JournalEntry
{
    [JsonPropertyName("n")]
    public long Sequence { get; init; }

    [JsonPropertyName("t")]
    public DateTimeOffset At { get; init; }

    [JsonPropertyName("run")]
    public Guid? Run { get; init; }
}

/// <summary>The process of an attempt has read its parameters and starts the flow's method.</summary>
public sealed record FlowStarted : JournalEntry
{
    public required int Attempt { get; init; }

    public required int ProcessId { get; init; }

    public required string Host { get; init; }
}

/// <summary>The flow process stopped starting tasks, or goes on.</summary>
public sealed record FlowPauseChanged : JournalEntry
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required bool Paused { get; init; }
}

/// <summary>The flow's method ended; the last entry of an attempt. An attempt without it crashed.</summary>
public sealed record FlowEnded : JournalEntry
{
    public required int Attempt { get; init; }

    /// <summary>Completed, Failed or Cancelled.</summary>
    public required string Type { get; init; }

    public string? Name { get; init; }

    public string? Message { get; init; }

    /// <summary>The flow's result, where it is small; else null.</summary>
    public JsonElement? Result { get; init; }
}

/// <summary>A nested flow, called by the flow: a run of its own in the same process.</summary>
public sealed record NestedRunCreated : JournalEntry
{
    public required Guid NestedRun { get; init; }

    public required string FlowName { get; init; }

    public required string RunName { get; init; }

    public required JsonElement Parameters { get; init; }

    public IReadOnlyList<string> Tags { get => field ?? []; init; } = [];

    /// <summary>Stable over attempts within the run that called it: the flow's name and a number in order of calls.</summary>
    public string? Key { get; init; }

    /// <summary>As <see cref="TaskCreated.Identity"/>.</summary>
    public string? Identity { get; init; }
}

/// <summary>A nested run's state: Running, Completed, Failed or Cancelled.</summary>
public sealed record NestedRunChanged : JournalEntry
{
    public required Guid NestedRun { get; init; }

    public required string Type { get; init; }

    public string? Name { get; init; }

    public string? Message { get; init; }
}

/// <summary>A task run was submitted.</summary>
public sealed record TaskCreated : JournalEntry
{
    public required Guid Task { get; init; }

    /// <summary>Stable within the run over attempts: the task's name and a number in order of submission, e.g. <c>regrid-7</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The task's name: the node of the collapsed graph.</summary>
    public required string TaskName { get; init; }

    /// <summary>For people; from the run-name template where there is one, else the key.</summary>
    public required string RunName { get; init; }

    /// <summary>What the task does, for people; null: its author did not say.</summary>
    public string? Description { get; init; }

    /// <summary>The position within a mapped call.</summary>
    public int? MapIndex { get; init; }

    /// <summary>A hash of the task's name and inputs, by which a later attempt finds the same task run again; null where the inputs have none.</summary>
    public string? Identity { get; init; }

    public IReadOnlyList<string> Tags { get => field ?? []; init; } = [];

    /// <summary>Task runs whose futures it was given, or that it waits for: the edges of the graph, by input name ("" for waits).</summary>
    public IReadOnlyList<TaskInput> Inputs { get => field ?? []; init; } = [];
}

/// <summary>An edge of the task graph.</summary>
public readonly record struct TaskInput(Guid From, string Name);

/// <summary>A task run's state. Flushed before the work that it announces starts.</summary>
public sealed record TaskChanged : JournalEntry
{
    public required Guid Task { get; init; }

    /// <summary>Pending, Running, Paused, Completed, Failed, Crashed or Cancelled.</summary>
    public required string Type { get; init; }

    /// <summary>The type, or AwaitingRetry, AwaitingAllocation, AwaitingConcurrencySlot, Retrying, TimedOut, Cached, Skipped.</summary>
    public string? Name { get; init; }

    public string? Message { get; init; }

    /// <summary>Which execution of the task this is, from 1; 0 before the first.</summary>
    public int RunCount { get; init; }
}

/// <summary>How far a task (or, without one, the flow) is.</summary>
public sealed record Progressed : JournalEntry
{
    public Guid? Task { get; init; }

    /// <summary>0 to 1.</summary>
    public double? Fraction { get; init; }

    public long? Count { get; init; }

    public long? Total { get; init; }

    public string? Message { get; init; }

    public double? SecondsLeft { get; init; }
}

/// <summary>A line of the run's log.</summary>
public sealed record Logged : JournalEntry
{
    public Guid? Task { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required LogLevel Level { get; init; }

    public required string Message { get; init; }

    /// <summary>Where it came from: the flow's logger, or a stream of a command that a task runs.</summary>
    public string? Logger { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Fields { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<LogLevel>))]
public enum LogLevel
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
}

/// <summary>Something that the flow shows to people. An artifact with the same key replaces the older one; both stay in the history.</summary>
public sealed record ArtifactMade : JournalEntry
{
    public required Guid Artifact { get; init; }

    public required string Key { get; init; }

    /// <summary>markdown, table, link, image or progress.</summary>
    public required string Type { get; init; }

    public Guid? Task { get; init; }

    public string? Title { get; init; }

    /// <summary>The content: markdown text, an array of row objects, a link's URL, a progress fraction.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>The file's name within the run's artifact directory, for images.</summary>
    public string? File { get; init; }
}

/// <summary>
/// Something waits for one slot of each of these concurrency limits; the answer comes as a <see cref="ControlKind.SlotsGranted"/> that names the request.
/// </summary>
public sealed record SlotsWanted : JournalEntry
{
    public required Guid Request { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The task run that waits; null: the flow itself.</summary>
    public Guid? Task { get; init; }
}

/// <summary>The slots of a request are given back, or no longer waited for.</summary>
public sealed record SlotsReleased : JournalEntry
{
    public required Guid Request { get; init; }
}

/// <summary>A job on a cluster, or a task of a job array, that the run asked for; as it is now.</summary>
public sealed record AllocationChanged : JournalEntry
{
    /// <summary>What tells the job from the run's others.</summary>
    public required string Key { get; init; }

    /// <summary>Its index, where it is part of an array.</summary>
    public int? ArrayIndex { get; init; }

    /// <summary>The cluster profile.</summary>
    public required string Cluster { get; init; }

    public long? JobId { get; init; }

    /// <summary>Waiting, Running or Ended.</summary>
    public required string Phase { get; init; }

    /// <summary>What became of it, e.g. Pending, Running, TimeLimit.</summary>
    public required string State { get; init; }

    /// <summary>The same in plain words, with the scheduler's reason.</summary>
    public string? Message { get; init; }

    public string? Node { get; init; }

    /// <summary>When the scheduler expects it to start.</summary>
    public DateTimeOffset? ExpectedAt { get; init; }

    /// <summary>The partition, once the scheduler has said it.</summary>
    public string? Partition { get; init; }

    /// <summary>The task runs that it has begun to execute since it was told of last.</summary>
    public IReadOnlyList<Guid> Tasks { get => field ?? []; init; } = [];
}
