using System.Text;
using System.Text.Json;
using Holoflow.Api.Edge;
using Holoflow.RunProtocol.Parameters;

namespace Holoflow.Api.Requests;

/// <summary>Checks parameters against their flow's schema; every mistake is named by its path.</summary>
static class ParameterCheck
{
    /// <exception cref="RefusedException">They are larger than 1 MiB.</exception>
    public static void CheckSize(JsonElement parameters, string field = "parameters")
    {
        var bytes = Encoding.UTF8.GetByteCount(parameters.GetRawText());
        if (bytes > ParameterSchema.MaxBytes)
            throw RefusedException.BadField(field, $"are {bytes} bytes of JSON; the limit is {ParameterSchema.MaxBytes} (1 MiB): pass large data as a file's path", 413);
    }

    /// <summary>Notes the mistakes of the parameters that a run would have.</summary>
    public static void Check(FieldErrors errors, string field, JsonElement schema, JsonElement parameters)
    {
        foreach (var mistake in ParameterSchema.Validate(schema, parameters))
            errors.Add(mistake.Path.Length == 0 ? field : $"{field}.{mistake.Path}", mistake.Message);
    }

    /// <summary>Notes the mistakes of some of the parameters; the others come with the run.</summary>
    public static void CheckSome(FieldErrors errors, string field, JsonElement schema, JsonElement parameters) =>
        Check(errors, field, WithoutRequired(schema), parameters);

    /// <summary>The defaults, and over them what is given.</summary>
    public static JsonElement Overlay(JsonElement defaults, JsonElement given)
    {
        if (given.ValueKind != JsonValueKind.Object || defaults.ValueKind != JsonValueKind.Object || !defaults.EnumerateObject().Any())
            return given;
        var names = given.EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        return Build(defaults.EnumerateObject().Where(p => !names.Contains(p.Name)).Concat(given.EnumerateObject()));
    }

    static JsonElement WithoutRequired(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object ? Build(schema.EnumerateObject().Where(p => p.Name != "required")) : schema;

    static JsonElement Build(IEnumerable<JsonProperty> properties)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in properties)
                property.WriteTo(writer);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
