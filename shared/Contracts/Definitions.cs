using System.Text.Json;

namespace Holoflow.Contracts;

/// <summary>Creates or replaces a deployment, found by flow and name.</summary>
[Message("define-deployment", Addresses.StateStore, Identity = "CommandId")]
public sealed record DefineDeployment : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();

    public required string FlowName { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required RunProgram Program { get; init; }

    /// <summary>JSON Schema of the parameters.</summary>
    public required JsonElement ParameterSchema { get; init; }

    /// <summary>Defaults that the deployment sets over the flow's.</summary>
    public required JsonElement Parameters { get; init; }

    public required string Queue { get; init; }

    public IReadOnlyList<string> Tags { get => field ?? []; init; } = [];

    public int Priority { get; init; }

    /// <summary>process or slurm; what decides is the program's cluster profile.</summary>
    public required string Infrastructure { get; init; }

    /// <summary>Null leaves the schedules as they are; a list replaces them.</summary>
    public IReadOnlyList<ScheduleDefinition>? Schedules { get; init; }
}

/// <summary>When a deployment runs by itself. Exactly one of cron, interval and rrule.</summary>
public sealed record ScheduleDefinition
{
    public string? Cron { get; init; }

    public double? IntervalSeconds { get; init; }

    public DateTimeOffset? AnchorDate { get; init; }

    public string? Rrule { get; init; }

    /// <summary>An IANA name; null: UTC.</summary>
    public string? TimeZone { get; init; }

    public bool Active { get; init; } = true;

    /// <summary>all, last or none: which fire times missed while nothing ran are made up for.</summary>
    public string CatchUp { get => field ?? "last"; init; } = "last";

    /// <summary>A scheduled run that has not started this long after its fire time is skipped; null: never.</summary>
    public double? ExpirySeconds { get; init; }

    public JsonElement? Parameters { get; init; }
}

[Message("delete-deployment", Addresses.StateStore, Identity = "DeploymentId")]
public sealed record DeleteDeployment(Guid DeploymentId) : IRequest<CommandAnswered>;

/// <summary>Switches all schedules of a deployment on or off.</summary>
[Message("set-schedules-active", Addresses.StateStore, Identity = "CommandId")]
public sealed record SetSchedulesActive(Guid DeploymentId, bool Active) : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();
}

/// <summary>Replaces the schedules of a deployment.</summary>
[Message("define-schedules", Addresses.StateStore, Identity = "CommandId")]
public sealed record DefineSchedules(Guid DeploymentId, IReadOnlyList<ScheduleDefinition> Schedules) : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();
}

/// <summary>Remembers up to where a schedule's fire times were turned into runs.</summary>
[Message("schedule-advanced", Addresses.StateStore, Identity = "ScheduleId, Through")]
public sealed record ScheduleAdvanced(Guid ScheduleId, DateTimeOffset Through) : IRequest<CommandAnswered>;

/// <summary>Creates or changes a work queue. Null leaves a value as it is.</summary>
[Message("define-queue", Addresses.StateStore, Identity = "CommandId")]
public sealed record DefineQueue(string Name) : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();

    public string? Description { get; init; }

    public bool? Paused { get; init; }

    public int? ConcurrencyLimit { get; init; }

    public bool ClearConcurrencyLimit { get; init; }

    /// <summary>A lower number goes first.</summary>
    public int? Priority { get; init; }

    /// <summary>Refuse where the queue exists already.</summary>
    public bool CreateOnly { get; init; }
}

[Message("delete-queue", Addresses.StateStore, Identity = "CommandId")]
public sealed record DeleteQueue(string Name) : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();
}

/// <summary>Limits how many flow runs and task runs that carry the tag, or ask for a slot by this name, may go on at a time; creates or changes the limit.</summary>
/// <param name="Tag">The tag or name.</param>
/// <param name="Slots">How many; 0 holds all of them back.</param>
[Message("set-concurrency-limit", Addresses.StateStore, Identity = "CommandId")]
public sealed record SetConcurrencyLimit(string Tag, int Slots) : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();
}

/// <summary>Takes the limit of a tag away.</summary>
[Message("delete-concurrency-limit", Addresses.StateStore, Identity = "CommandId")]
public sealed record DeleteConcurrencyLimit(string Tag) : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();
}

/// <summary>A deployment, schedule, queue, limit or API token changed; the receiver reads the store again.</summary>
[Message("definition-changed", Addresses.DefinitionsChanged, Identity = "Kind, Name, Revision")]
public sealed record DefinitionChanged(string Kind, Guid? Id, string Name, long Revision) : IRouted
{
    /// <summary>The kind of a slot that came free: runs that wait for it may start.</summary>
    public const string ConcurrencySlot = "concurrency-slot";

    /// <summary>The kind of an API token: what its holders may do changed.</summary>
    public const string ApiToken = "api-token";

    public string RoutingKey => $"definition.{Kind}";
}
