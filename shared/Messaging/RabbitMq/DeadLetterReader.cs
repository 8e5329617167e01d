using System.Collections;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>Reads what the broker, or a handler's failure, wrote beside a dead letter.</summary>
static class DeadLetterReader
{
    public static DeadLetter Read(BasicGetResult result)
    {
        var headers = result.BasicProperties.Headers;
        var death = (headers?.TryGetValue("x-death", out var deaths) == true ? (deaths as IList)?.Cast<object?>().FirstOrDefault() : null) as IDictionary<string, object?>;
        var body = Encoding.UTF8.GetString(result.Body.Span);
        var (message, content) = Content(body, result.BasicProperties.Type);
        return new DeadLetter(
            result.BasicProperties.MessageId is { Length: > 0 } id ? id : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(result.Body.Span))[..32],
            Text(headers, DeadLetterSender.QueueHeader) ?? Text(death, "queue") ?? result.RoutingKey,
            message,
            Text(death, "reason") ?? "failed",
            Text(headers, DeadLetterSender.ErrorHeader),
            At(death, result.BasicProperties),
            content);
    }

    // The library's envelope is no matter of an operator's.
    static (string? Message, string Content) Content(string body, string? type)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("message", out var wire) && wire.ValueKind == JsonValueKind.Object
                && wire.TryGetProperty("name", out var name) && wire.TryGetProperty("body", out var content)
                ? (name.GetString(), content.GetRawText())
                : (type, body);
        }
        catch (JsonException)
        {
            return (type, body);
        }
    }

    static DateTimeOffset? At(IDictionary<string, object?>? death, IReadOnlyBasicProperties properties) => death?.TryGetValue("time", out var at) == true && at is AmqpTimestamp died
        ? DateTimeOffset.FromUnixTimeSeconds(died.UnixTime)
        : properties.IsTimestampPresent() ? DateTimeOffset.FromUnixTimeSeconds(properties.Timestamp.UnixTime) : null;

    static string? Text(IDictionary<string, object?>? table, string key) => table?.TryGetValue(key, out var value) == true
        ? value switch
        {
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            string text => text,
            _ => null,
        }
        : null;
}
