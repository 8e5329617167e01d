using System.Text.Json.Serialization;
using Holoflow.ApiModel.FlowRuns;

namespace Holoflow.ApiModel.WorkQueues;

/// <summary>A work queue.</summary>
public sealed record WorkQueueRow
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public bool Paused { get; init; }

    /// <summary>How many of its runs may be active at a time; null: any number.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>A lower number goes first.</summary>
    public int Priority { get; init; }

    /// <summary>Runs that wait for a slot.</summary>
    public int Waiting { get; init; }

    /// <summary>Runs that an agent holds.</summary>
    public int Active { get; init; }

    /// <summary>Agents on line that take its runs.</summary>
    public int Agents { get; init; }

    public long Revision { get; init; }
}

/// <summary>Creates a work queue.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateWorkQueue
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public bool Paused { get; init; }

    public int? ConcurrencyLimit { get; init; }

    public int? Priority { get; init; }
}

/// <summary>Changes a work queue. What is null stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ChangeWorkQueue
{
    public string? Description { get; init; }

    public bool? Paused { get; init; }

    /// <summary>1 or more.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>Takes the limit away; not together with <see cref="ConcurrencyLimit"/>.</summary>
    public bool ClearConcurrencyLimit { get; init; }

    public int? Priority { get; init; }
}

/// <summary>The runs that a work queue would hand out next, in that order.</summary>
/// <param name="Queue">The queue as it is.</param>
/// <param name="Runs">The runs that are due.</param>
/// <param name="Blocked">Why none of them would be handed out now; null: they would.</param>
public sealed record WorkQueuePreview(WorkQueueRow Queue, IReadOnlyList<FlowRunRow> Runs, string? Blocked);
