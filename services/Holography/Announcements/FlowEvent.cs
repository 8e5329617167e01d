using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holoflow.HolographyFlow.Announcements;

/// <summary>What is announced of a run.</summary>
enum FlowEventState
{
    Started,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>The scheduling block in an event.</summary>
sealed record EventSchedulingBlock(long Id);

/// <summary>The flow run in an event.</summary>
/// <param name="Id">The run.</param>
/// <param name="Path">Where its products lie.</param>
/// <param name="ProcessedAt">When this was said.</param>
/// <param name="SchedulingBlock">What was observed.</param>
/// <param name="Message">Why it failed or was cancelled, where it was.</param>
sealed record EventFlowRun(
    Guid Id, string Path, DateTimeOffset ProcessedAt, EventSchedulingBlock SchedulingBlock, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null);

/// <summary>The data of an event.</summary>
sealed record FlowEventData(EventFlowRun FlowRun);

/// <summary>
/// A CloudEvent (version 1.0, structured JSON) of the shape that the observatory's broker carries: type
/// <c>au.csiro.atnf.askap.holography.&lt;state&gt;</c>, subject <c>urn:askap:holography:&lt;site&gt;:&lt;group&gt;:flow-run/&lt;id&gt;</c>. HOLOGRAPHY section 3.
/// </summary>
sealed record FlowEvent
{
    /// <summary>How events are written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>The same for the same run and state, so that receivers can drop a repeat; each attempt may fail, or be cancelled, anew.</summary>
    public required string Id { get; init; }

    public required string Source { get; init; }

    public required string Type { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset Time { get; init; }

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    public required FlowEventData Data { get; init; }

    /// <summary>The event of a state.</summary>
    public static FlowEvent Of(FlowEventState state, Guid run, int attempt, string path, long sbid, string site, string group, DateTimeOffset now, string? message = null)
    {
        var word = state.ToString().ToLowerInvariant();
        return new FlowEvent
        {
            Id = attempt > 1 && state is FlowEventState.Failed or FlowEventState.Cancelled ? $"{run}-{word}-{attempt}" : $"{run}-{word}",
            Source = $"urn:askap:holography:{site}:{group}",
            Type = $"au.csiro.atnf.askap.holography.{word}",
            Subject = $"urn:askap:holography:{site}:{group}:flow-run/{run}",
            Time = now,
            Data = new FlowEventData(new EventFlowRun(run, path, now, new EventSchedulingBlock(sbid), message)),
        };
    }
}
