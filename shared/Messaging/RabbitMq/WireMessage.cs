using System.Text.Json;
using System.Text.Json.Nodes;
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
        return new(pinned.Name, pinned.SchemaVersion, BodyOf(message));
    }

    /// <summary>Messages of one kind that travel together; a lone one travels as it always did.</summary>
    internal static WireMessage Of(Type type, IReadOnlyList<JsonElement> bodies)
    {
        var pinned = MessageName.Pinned(type);
        return new(pinned.Name, pinned.SchemaVersion, bodies.Count == 1 ? bodies[0] : JsonSerializer.SerializeToElement(bodies, Web));
    }

    internal static WireMessage OfAnswers(Type type, IReadOnlyList<BundledAnswer> answers)
    {
        var pinned = MessageName.Pinned(type);
        return new(pinned.Name, pinned.SchemaVersion, JsonSerializer.SerializeToElement(answers.Select(a => new WireAnswer(a.Message?.Body, a.Fault)), Web));
    }

    internal static JsonElement BodyOf(object message) => JsonSerializer.SerializeToElement(message, MessageFormat.Default.GetTypeInfo(message.GetType())!);

    /// <summary>Whether it is several messages: every one alone is an object.</summary>
    internal bool IsBundle => Body.ValueKind == JsonValueKind.Array;

    /// <summary>The messages one by one.</summary>
    internal IEnumerable<WireMessage> Each() => IsBundle ? Body.EnumerateArray().Select(body => this with { Body = body }) : [this];

    /// <summary>The answers to as many requests, in their order.</summary>
    /// <exception cref="MessagingException">It answers something else.</exception>
    internal IReadOnlyList<BundledAnswer> Answers(int requests)
    {
        if (requests == 1 && !IsBundle)
            return [new BundledAnswer(this, null)];
        if (!IsBundle || Body.GetArrayLength() != requests)
            throw new MessagingException($"'{Name}' does not answer {requests} requests");
        return [.. Body.EnumerateArray().Select(e => e.Deserialize<WireAnswer>(Web)!).Select(a => new BundledAnswer(a.Answer is { } body ? this with { Body = body } : null, a.Fault))];
    }

    /// <summary>The library's envelope of a bundle, with this one of its messages alone.</summary>
    internal byte[] InEnvelopeOf(byte[] bundle)
    {
        var envelope = JsonNode.Parse(bundle)!;
        envelope["message"]!["body"] = JsonObject.Create(Body);
        return JsonSerializer.SerializeToUtf8Bytes(envelope);
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

/// <summary>What came of one request of a bundle: its answer, or why its handler failed.</summary>
readonly record struct BundledAnswer(WireMessage? Message, string? Fault);

/// <summary>The same as it travels.</summary>
sealed record WireAnswer(JsonElement? Answer, string? Fault);
