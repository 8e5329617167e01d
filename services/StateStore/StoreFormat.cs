using System.Text.Json;
using System.Text.Json.Serialization;
using Holoflow.Contracts;

namespace Holoflow.StateStore;

/// <summary>The JSON that the store keeps, generated at build.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunProgram))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(JsonElement))]
sealed partial class StoreFormat : JsonSerializerContext
{
    public static string Tags(IReadOnlyList<string>? tags) => tags is { Count: > 0 } ? JsonSerializer.Serialize(tags, Default.IReadOnlyListString) : "[]";

    public static IReadOnlyList<string> Tags(string json) => json == "[]" ? [] : JsonSerializer.Deserialize(json, Default.IReadOnlyListString)!;

    public static string Program(RunProgram program) => JsonSerializer.Serialize(program, Default.RunProgram);

    public static RunProgram Program(string json) => JsonSerializer.Deserialize(json, Default.RunProgram)!;

    public static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
