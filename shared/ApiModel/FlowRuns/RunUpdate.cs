using System.Text.Json.Serialization;
using Holoflow.ApiModel.Artifacts;
using Holoflow.ApiModel.Logs;
using Holoflow.ApiModel.TaskRuns;

namespace Holoflow.ApiModel.FlowRuns;

/// <summary>
/// What one followed run does, in order. A reader that comes back with the id of the last event it saw misses nothing,
/// however long it was away: it gets every log line once, and of states and artifacts perhaps the newest again.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunChanged), "run")]
[JsonDerivedType(typeof(TasksChanged), "tasks")]
[JsonDerivedType(typeof(NestedRunsChanged), "nestedRuns")]
[JsonDerivedType(typeof(ArtifactsMade), "artifacts")]
[JsonDerivedType(typeof(LogsWritten), "logs")]
[JsonDerivedType(typeof(RunEnded), "ended")]
public abstract record RunUpdate;

/// <summary>The run's state, at the start and after every change.</summary>
public sealed record RunChanged(FlowRunRow Run) : RunUpdate;

/// <summary>Task runs that are new or changed, with their progress.</summary>
public sealed record TasksChanged(IReadOnlyList<TaskRunRow> Tasks) : RunUpdate;

/// <summary>Nested runs that are new or changed.</summary>
public sealed record NestedRunsChanged(IReadOnlyList<FlowRunRow> Runs) : RunUpdate;

/// <summary>New artifacts.</summary>
public sealed record ArtifactsMade(IReadOnlyList<ArtifactRow> Artifacts) : RunUpdate;

/// <summary>New log lines.</summary>
public sealed record LogsWritten(IReadOnlyList<LogRow> Lines) : RunUpdate;

/// <summary>The run has ended and everything of it was sent: the last update.</summary>
public sealed record RunEnded(FlowRunRow Run) : RunUpdate;
