using System.Text.Json.Serialization;
using Holoflow.ApiModel.FlowRuns;

namespace Holoflow.ApiModel.Events;

/// <summary>
/// Something changed; sent by <c>/api/events</c>. Events may be skipped when a reader is slow or was away too long: it then
/// gets <see cref="Reset"/> and has to read its lists again.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FlowRunChanged), "flowRun")]
[JsonDerivedType(typeof(TaskRunsChanged), "taskRuns")]
[JsonDerivedType(typeof(LogsStored), "logs")]
[JsonDerivedType(typeof(DefinitionChanged), "definition")]
[JsonDerivedType(typeof(AgentChanged), "agent")]
[JsonDerivedType(typeof(Reset), "reset")]
public abstract record ChangeEvent;

public sealed record FlowRunChanged : ChangeEvent
{
    public required Guid RunId { get; init; }

    public required long Version { get; init; }

    public required string RunName { get; init; }

    public required string FlowName { get; init; }

    public Guid? DeploymentId { get; init; }

    public Guid? ParentRunId { get; init; }

    public required string Queue { get; init; }

    public required RunState State { get; init; }
}

/// <summary>Task runs, progress, artifacts or nested runs of a run changed.</summary>
public sealed record TaskRunsChanged(Guid RunId) : ChangeEvent;

/// <summary>A run has new log lines.</summary>
public sealed record LogsStored(Guid RunId) : ChangeEvent;

/// <summary>A deployment, schedule or work queue changed.</summary>
/// <param name="Of">deployment, schedule or queue.</param>
/// <param name="Id">Its id, where it has one.</param>
/// <param name="Name">Its name.</param>
public sealed record DefinitionChanged(string Of, Guid? Id, string Name) : ChangeEvent;

/// <summary>An agent came, went, or has another number of free slots.</summary>
public sealed record AgentChanged(string AgentId, string Name, bool Online, int Slots, int FreeSlots) : ChangeEvent;

/// <summary>Events were missed: read the lists again.</summary>
public sealed record Reset : ChangeEvent;
