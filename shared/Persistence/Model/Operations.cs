namespace Holoflow.Persistence.Model;

public sealed class LogLineRow
{
    public required Guid RunId { get; init; }

    public required int Source { get; init; }

    public required long Number { get; init; }

    /// <summary>The order in which the lines of a run were stored, from 1: what pages and followers go by.</summary>
    public required long Position { get; init; }

    public Guid? NestedRunId { get; init; }

    public Guid? TaskId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>0 trace to 5 critical.</summary>
    public required int Level { get; init; }

    public string? Logger { get; init; }

    public required string Text { get; init; }

    /// <summary>JSON object.</summary>
    public string? Fields { get; init; }
}

/// <summary>An agent as it last told of itself.</summary>
public sealed class AgentRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Host { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string Queues { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string Tags { get; init; }

    public required int Slots { get; init; }

    public required int FreeSlots { get; init; }

    public required long Sequence { get; init; }

    public required string Version { get; init; }

    public required bool Online { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }
}

/// <summary>An event that is still to be published.</summary>
public sealed class OutboxRow
{
    public required long Position { get; init; }

    /// <summary>The message's pinned name.</summary>
    public required string Kind { get; init; }

    /// <summary>JSON.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The one row that all processes that sweep runs share.</summary>
public sealed class SweepRow
{
    public required int Id { get; init; }

    public required DateTimeOffset SweptAt { get; init; }

    /// <summary>Until then no lease expires: agents could not renew for a while.</summary>
    public required DateTimeOffset LeasesKeptUntil { get; init; }
}

public sealed class SchemaVersionRow
{
    public required int Version { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset AppliedAt { get; init; }
}
