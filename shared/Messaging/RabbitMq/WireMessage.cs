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

    /// <summary>The content type of the library's envelope around it.</summary>
    internal const string EnvelopeType = "application/vnd.masstransit+json";

    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    internal static WireMessage Of(object message)
    {
        var pinned = MessageName.Pinned(message.GetType());
        return new(pinned.Name, pinned.SchemaVersion, JsonSerializer.SerializeToElement(message, MessageFormat.Default.GetTypeInfo(message.GetType())!));
    }

    /// <summary>The message in the library's envelope, for consumers that are not the library's.</summary>
    /// <exception cref="MessagingException">It is no such envelope.</exception>
    internal static WireMessage OfEnvelope(ReadOnlySpan<byte> envelope)
    {
        try
        {
            var reader = new Utf8JsonReader(envelope);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.TryGetProperty("message", out var message) && message.Deserialize<WireMessage>(Web) is { Name: not null } wire
                ? wire with { Body = wire.Body.Clone() }
                : throw new MessagingException("an envelope without a message");
        }
        catch (JsonException e)
        {
            throw new MessagingException($"no envelope of a message: {e.Message}", e);
        }
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
