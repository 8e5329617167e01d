using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holoflow.Notifications;

/// <summary>What is told: a run in a state, as it was when there was something to tell. A repeat tells the same.</summary>
public sealed record NotificationContent
{
    /// <summary>The rule by which it is told.</summary>
    public required string Notification { get; init; }

    public required NotifiedRun Run { get; init; }

    public required NotifiedState State { get; init; }

    /// <summary>True: nothing happened; somebody wants to see whether it arrives.</summary>
    public bool Test { get; init; }
}

/// <summary>The run.</summary>
public sealed record NotifiedRun(Guid Id, string Name, string Flow, string? Deployment, string Queue, IReadOnlyList<string> Tags)
{
    /// <summary>Where the dashboard shows it.</summary>
    public Uri? Url { get; init; }

    /// <summary>The scheduling block that it reduces: its parameter <c>sbid</c>.</summary>
    public string? SchedulingBlock { get; init; }

    /// <summary>Where its products lie: <c>folder</c> of its result; until it has one, where it works: its parameter <c>workdir</c>.</summary>
    public string? Path { get; init; }
}

/// <summary>The state.</summary>
public sealed record NotifiedState(string Type, string Name, string? Message, DateTimeOffset At);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NotificationContent))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(CloudEvent))]
sealed partial class NotificationJson : JsonSerializerContext;
