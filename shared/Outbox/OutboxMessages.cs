using System.Text.Json;
using System.Text.Json.Serialization;
using Holoflow.Contracts;
using Holoflow.Messaging;

namespace Holoflow.Outbox;

/// <summary>The events that may be stored with the change that they tell of.</summary>
static class OutboxMessages
{
    const string StateChanged = "run-state-changed";
    const string TasksChanged = "task-runs-changed";
    const string Control = "run-control";
    const string Definition = "definition-changed";

    public static (string Kind, string Body) Serialize(IRouted message) => message switch
    {
        RunStateChanged changed => (StateChanged, JsonSerializer.Serialize(changed, OutboxFormat.Default.RunStateChanged)),
        TaskRunsChanged changed => (TasksChanged, JsonSerializer.Serialize(changed, OutboxFormat.Default.TaskRunsChanged)),
        RunControl control => (Control, JsonSerializer.Serialize(control, OutboxFormat.Default.RunControl)),
        DefinitionChanged changed => (Definition, JsonSerializer.Serialize(changed, OutboxFormat.Default.DefinitionChanged)),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "is not an event of the outbox"),
    };

    /// <summary>The message of a stored row; null where a newer program stored a kind that this one does not know.</summary>
    public static IRouted? Deserialize(string kind, string body) => kind switch
    {
        StateChanged => JsonSerializer.Deserialize(body, OutboxFormat.Default.RunStateChanged),
        TasksChanged => JsonSerializer.Deserialize(body, OutboxFormat.Default.TaskRunsChanged),
        Control => JsonSerializer.Deserialize(body, OutboxFormat.Default.RunControl),
        Definition => JsonSerializer.Deserialize(body, OutboxFormat.Default.DefinitionChanged),
        _ => null,
    };

    public static ValueTask Publish(IMessageBus bus, IRouted message, CancellationToken cancellation) => message switch
    {
        RunStateChanged changed => bus.Publish(changed, cancellation),
        TaskRunsChanged changed => bus.Publish(changed, cancellation),
        RunControl control => bus.Publish(control, cancellation),
        DefinitionChanged changed => bus.Publish(changed, cancellation),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "is not an event of the outbox"),
    };
}

[JsonSerializable(typeof(RunStateChanged))]
[JsonSerializable(typeof(TaskRunsChanged))]
[JsonSerializable(typeof(RunControl))]
[JsonSerializable(typeof(DefinitionChanged))]
sealed partial class OutboxFormat : JsonSerializerContext;
