using System.Text;
using System.Text.Json;

namespace Holoflow.RunProtocol.Parameters;

/// <summary>
/// Checks the parameters of a run against the JSON Schema of its flow (the subset that flow programs write: type, format, enum,
/// minimum, maximum and their exclusive forms, minLength, maxLength, pattern, items, minItems, maxItems, properties, required,
/// additionalProperties). Every entry point calls it, and so does the flow process.
/// </summary>
public static class ParameterSchema
{
    /// <summary>Parameters are limited to 1 MiB of JSON text: data belongs in files.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The schema of a flow without parameters.</summary>
    public static JsonElement Empty { get; } = Parse("""{"type":"object","properties":{},"additionalProperties":false}"""u8);

    /// <summary>All mistakes at once: unknown, missing and malformed parameters; empty where there are none.</summary>
    /// <param name="schema">The flow's schema.</param>
    /// <param name="parameters">One JSON object.</param>
    public static IReadOnlyList<ParameterMistake> Validate(JsonElement schema, JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object)
            return [new ParameterMistake("", $"must be a JSON object, not {SchemaText.Kind(parameters)}")];
        var bytes = Encoding.UTF8.GetByteCount(parameters.GetRawText());
        if (bytes > MaxBytes)
            return [new ParameterMistake("", $"are {bytes} bytes of JSON; the limit is {MaxBytes} (1 MiB): pass large data as a file's path")];
        var mistakes = new List<ParameterMistake>();
        new SchemaCheck(mistakes).Value("", schema, parameters);
        return mistakes;
    }

    /// <summary>
    /// Reads parameters from the UTF-8 text of one JSON object.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="parameters">The parameters, where there is no mistake.</param>
    /// <returns>What is wrong with the text as a whole; null where it is a JSON document within the limit.</returns>
    public static ParameterMistake? TryParse(ReadOnlySpan<byte> text, out JsonElement parameters)
    {
        parameters = default;
        if (text.Length > MaxBytes)
            return new ParameterMistake("", $"are {text.Length} bytes of JSON; the limit is {MaxBytes} (1 MiB): pass large data as a file's path");
        try
        {
            parameters = Parse(text);
            return null;
        }
        catch (JsonException e)
        {
            return new ParameterMistake("", $"are not JSON: {e.Message}");
        }
    }

    static JsonElement Parse(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        using var document = JsonDocument.ParseValue(ref reader);
        if (reader.Read())
            throw new JsonException("there is more text after the first value");
        return document.RootElement.Clone();
    }
}
