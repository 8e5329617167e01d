using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holoflow.ApiModel.Schedules;

/// <summary>When a deployment runs by itself. Exactly one of cron, interval and rrule.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ScheduleSpec
{
    /// <summary>Five fields: minute, hour, day of month, month, day of week.</summary>
    public string? Cron { get; init; }

    public double? IntervalSeconds { get; init; }

    public DateTimeOffset? AnchorDate { get; init; }

    /// <summary>RFC 5545.</summary>
    public string? Rrule { get; init; }

    /// <summary>An IANA name; null: UTC.</summary>
    public string? TimeZone { get; init; }

    public bool Active { get; init; } = true;

    public CatchUp CatchUp { get; init; } = CatchUp.Last;

    /// <summary>A scheduled run that has not started this long after its fire time is skipped; null: never.</summary>
    public double? ExpirySeconds { get; init; }

    /// <summary>Parameters of its runs over the deployment's.</summary>
    public JsonElement? Parameters { get; init; }
}

/// <summary>Which fire times missed while nothing ran are made up for.</summary>
public enum CatchUp
{
    Last,
    All,
    None,
}

/// <summary>A schedule of a deployment.</summary>
public sealed record ScheduleRow
{
    public required Guid Id { get; init; }

    public required Guid DeploymentId { get; init; }

    public required string FlowName { get; init; }

    public required string DeploymentName { get; init; }

    public required ScheduleSpec Spec { get; init; }

    /// <summary>The next fire times, the first first; empty where it is not active or has none left.</summary>
    public IReadOnlyList<DateTimeOffset> Next { get; init; } = [];
}

/// <summary>Replaces the schedules of a deployment.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SetSchedules
{
    public required IReadOnlyList<ScheduleSpec> Schedules { get; init; }
}

/// <summary>Asks when a schedule would fire.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Count">How many fire times, 1 to 100; null: 5.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PreviewSchedule(ScheduleSpec Schedule, int? Count = null);

/// <summary>When a schedule would fire.</summary>
/// <param name="Next">The next fire times, the first first.</param>
public sealed record SchedulePreview(IReadOnlyList<DateTimeOffset> Next);
