using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holoflow.Api.Edge;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Requests;

/// <summary>Reads the JSON body of a request and names everything that is wrong with it.</summary>
static class RequestBody
{
    /// <summary>Room for 1 MiB of parameters in its longest escaped form beside everything else.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>A larger body is read to its end up to here, so that its sender hears why it is refused and not a broken connection.</summary>
    public const int MaxDrained = 64 * 1024 * 1024;

    static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>The bytes of the body; empty where there is none.</summary>
    /// <exception cref="RefusedException">It is too large, or not declared as JSON.</exception>
    public static async Task<byte[]> Read(HttpRequest request)
    {
        if (request.ContentLength > MaxBytes)
            throw TooLarge();
        using var bytes = new MemoryStream((int)(request.ContentLength ?? 256));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (bytes.Length + read > MaxBytes)
                throw TooLarge();
            bytes.Write(buffer, 0, read);
        }

        if (bytes.Length > 0 && !request.HasJsonContentType())
            throw RefusedException.Of(415, "Unsupported media type", "send the body as application/json");
        return bytes.ToArray();
    }

    /// <param name="body">The bytes; none stand for <c>{}</c>.</param>
    /// <param name="json">What the body is.</param>
    /// <exception cref="RefusedException">It is no such request.</exception>
    public static T Parse<T>(byte[] body, JsonTypeInfo<T> json)
        where T : class
    {
        using var document = ParseDocument(body.Length == 0 ? "{}"u8.ToArray() : body);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw RefusedException.BadField("body", $"must be a JSON object, not {document.RootElement.ValueKind.ToString().ToLowerInvariant()}");
        var errors = new FieldErrors();
        new JsonMembers(errors).Check(document.RootElement, json, "");
        errors.ThrowIfAny();
        try
        {
            return document.RootElement.Deserialize(json)!;
        }
        catch (JsonException e)
        {
            throw RefusedException.BadField(FieldOf(e), Meaning(e));
        }
    }

    static JsonDocument ParseDocument(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (JsonException e)
        {
            throw RefusedException.BadField("body", $"is not JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // The reader compares names, and cannot compare half a character.
            throw RefusedException.BadField("body", "has a member whose name is not valid Unicode");
        }
    }

    static string FieldOf(JsonException e) => e.Path is { } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "body";

    // The reader's message names types of ours; people get what was expected in JSON's words.
    static string Meaning(JsonException e)
    {
        var message = e.Message;
        var expected = message.Contains("null", StringComparison.Ordinal) && message.Contains("allow", StringComparison.Ordinal) ? "must not be null"
            : message.Contains("System.DateTimeOffset", StringComparison.Ordinal) ? "must be a time such as 2026-01-31T06:00:00Z"
            : message.Contains("System.Guid", StringComparison.Ordinal) ? "must be an id (a UUID)"
            : message.Contains("System.Int", StringComparison.Ordinal) ? "must be a whole number"
            : message.Contains("System.Double", StringComparison.Ordinal) ? "must be a number"
            : message.Contains("System.Boolean", StringComparison.Ordinal) ? "must be true or false"
            : message.Contains("System.String", StringComparison.Ordinal) ? "must be a text"
            : message.Contains("System.Collections.Generic.IReadOnlyList", StringComparison.Ordinal) ? "must be an array"
            : message.Contains("TokenScope", StringComparison.Ordinal) ? "must be Read, Run, Agent or Admin"
            : message.Contains("NotificationTarget", StringComparison.Ordinal) ? "must be Webhook, Email or Events"
            : message.Contains("CatchUp", StringComparison.Ordinal) ? "must be All, Last or None"
            : "has the wrong type";
        return expected;
    }

    static RefusedException TooLarge() => RefusedException.BadField("body", $"is larger than {MaxBytes / 1024 / 1024} MiB: pass large data as a file's path", 413);
}
