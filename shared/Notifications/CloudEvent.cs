using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Holoflow.Notifications;

/// <summary>An event as the observatory's systems read it: CloudEvents 1.0, in JSON.</summary>
sealed record CloudEvent(
    string Id,
    string Source,
    string Type,
    string Subject,
    DateTimeOffset Time,
    CloudEventData Data)
{
    [JsonPropertyName("specversion")]
    [JsonPropertyOrder(-1)]
    public string SpecVersion { get; } = "1.0";

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; } = "application/json";

    /// <summary>The event of a change.</summary>
    public static CloudEvent Of(Guid id, NotificationContent content, NotifierOptions options)
    {
        var operation = Word(options.EventOperations.GetValueOrDefault(content.Run.Flow, content.Run.Flow));
        var state = content.State.Type switch
        {
            "Running" => "started",
            "Crashed" => "failed",
            var other => other.ToLowerInvariant(),
        };
        return new CloudEvent(
            id.ToString(),
            $"urn:holoflow:{Word(options.Site)}",
            $"{options.EventTypePrefix}.{operation}.{state}",
            $"urn:askap:{operation}:{Word(options.Site)}:{Word(options.Group)}:flow-run/{content.Run.Id}",
            content.State.At,
            new CloudEventData(new CloudEventRun(
                content.Run.Id, content.Run.Path, content.State.At, content.Run.SchedulingBlock is { } block ? new CloudEventBlock(Number(block)) : null, state is "failed" or "cancelled" ? content.State.Message : null)));
    }

    // A number where it is one: as the flow itself says it.
    static JsonNode Number(string block) => long.TryParse(block, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : block;

    // A word of a routing key and of a URN, whatever a flow is called.
    static string Word(string text) => text.Length == 0 ? "none" : new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? char.ToLowerInvariant(c) : '-')]);
}

sealed record CloudEventData(CloudEventRun FlowRun);

sealed record CloudEventRun(Guid Id, string? Path, DateTimeOffset ProcessedAt, CloudEventBlock? SchedulingBlock, string? Message);

sealed record CloudEventBlock(JsonNode Id);
