using System.Text.Json;
using Holoflow.Contracts;
using MassTransit;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// A message as it travels: its pinned name, its schema version and its JSON. The broker's library sees this one type, so that
/// no name or namespace of ours is ever part of the wire.
/// </summary>
[MessageUrn("urn:holoflow:message", useDefaultPrefix: false)]
public sealed record WireMessage(string Name, int SchemaVersion, JsonElement Body)
{
    /// <summary>For people: which message it is.</summary>
    public override string ToString() => $"'{Name}' of schema version {SchemaVersion}";

    internal static WireMessage Of(object message)
    {
        var pinned = MessageName.Pinned(message.GetType());
        return new(pinned.Name, pinned.SchemaVersion, JsonSerializer.SerializeToElement(message, MessageFormat.Default.GetTypeInfo(message.GetType())!));
    }

    /// <exception cref="MessagingException">It is another message, or its body does not fit.</exception>
    internal T Read<T>()
    {
        if (Name != MessageName.Of<T>())
            throw new MessagingException($"expected '{MessageName.Of<T>()}', got '{Name}'");
        // A field that is new is passed over; a new schema version says that passing over would be wrong.
        if (SchemaVersion > MessageName.Pinned(typeof(T)).SchemaVersion)
            throw new MessagingException($"'{Name}' has schema version {SchemaVersion}, sent by a newer Holoflow; this one reads up to {MessageName.Pinned(typeof(T)).SchemaVersion}: upgrade this service");
        try
        {
            return Body.Deserialize(MessageFormat.Of<T>()) ?? throw new MessagingException($"'{Name}' is empty");
        }
        catch (JsonException e)
        {
            throw new MessagingException($"'{Name}' of schema version {SchemaVersion} cannot be read: {e.Message}", e);
        }
    }
}
