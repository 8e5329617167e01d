using System.Text.Json;
using Holoflow.RunProtocol.Files;

namespace Holoflow.Agent.Follow;

/// <summary>The JSON of <c>shipped.json</c>.</summary>
static class ShippedStateJson
{
    public static ReadOnlyMemory<byte> Format(ShippedState state) => JsonText.Object(json =>
    {
        json.WriteNumber("journalOffset", state.JournalOffset);
        json.WriteNumber("journalSequence", state.JournalSequence);
        json.WriteNumber("faultyLines", state.FaultyLines);
        json.WriteNumber("startedAttempt", state.StartedAttempt);
        if (state.Ending is { } ending)
            Write(json, ending);
        json.WriteStartObject("streams");
        foreach (var (file, position) in state.Streams)
            Write(json, file, position);
        json.WriteEndObject();
    });

    /// <exception cref="JsonException">It is torn.</exception>
    /// <exception cref="KeyNotFoundException">It is not what <see cref="Format"/> writes.</exception>
    /// <exception cref="InvalidOperationException">The same.</exception>
    public static ShippedState Parse(ReadOnlySpan<byte> text)
    {
        var json = JsonElement.Parse(text);
        return new ShippedState
        {
            JournalOffset = json.GetProperty("journalOffset").GetInt64(),
            JournalSequence = json.GetProperty("journalSequence").GetInt64(),
            FaultyLines = json.GetProperty("faultyLines").GetInt32(),
            StartedAttempt = json.GetProperty("startedAttempt").GetInt32(),
            Ending = json.TryGetProperty("ending", out var ending) ? ParseEnding(ending) : null,
            Streams = json.GetProperty("streams").EnumerateObject().ToDictionary(s => s.Name, s => ParsePosition(s.Value), StringComparer.Ordinal),
        };
    }

    static void Write(Utf8JsonWriter json, FlowEnding ending)
    {
        json.WriteStartObject("ending");
        json.WriteNumber("attempt", ending.Attempt);
        json.WriteString("type", ending.Type);
        json.WriteString("name", ending.Name);
        json.WriteString("message", ending.Message);
        if (ending.Result is { } result)
        {
            json.WritePropertyName("result");
            result.WriteTo(json);
        }

        json.WriteEndObject();
    }

    static FlowEnding ParseEnding(JsonElement json) => new(
        json.GetProperty("attempt").GetInt32(),
        json.GetProperty("type").GetString()!,
        json.GetProperty("name").GetString(),
        json.GetProperty("message").GetString(),
        json.TryGetProperty("result", out var result) ? result : null);

    static void Write(Utf8JsonWriter json, string file, StreamPosition position)
    {
        json.WriteStartObject(file);
        json.WriteNumber("offset", position.Offset);
        json.WriteNumber("lines", position.Lines);
        json.WriteBoolean("skipping", position.Skipping);
        json.WriteNumber("kept", position.Kept);
        json.WriteBoolean("capped", position.Capped);
        json.WriteBoolean("atTail", position.AtTail);
        json.WriteEndObject();
    }

    static StreamPosition ParsePosition(JsonElement json) => new(
        json.GetProperty("offset").GetInt64(),
        json.GetProperty("lines").GetInt64(),
        json.GetProperty("skipping").GetBoolean(),
        json.GetProperty("kept").GetInt64(),
        json.GetProperty("capped").GetBoolean(),
        json.GetProperty("atTail").GetBoolean());
}
