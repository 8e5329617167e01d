using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Holoflow.Persistence;

/// <summary>The form in which a parameter's value is indexed and looked for.</summary>
public static class ParameterValue
{
    const int LongestKept = 200;

    /// <summary>A string is itself; anything else its compact JSON. A long value is its start and a hash of the whole.</summary>
    public static string Of(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : JsonSerializer.Serialize(value, ParameterJson.Default.JsonElement);
        // A NUL cannot be kept by every database, and a lone surrogate by none.
        return text.Length <= LongestKept && !text.Contains('\0') ? text : $"{Start(text)}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
    }

    static string Start(string text)
    {
        var start = text[..Math.Min(64, text.Length)].Replace('\0', '?');
        return char.IsHighSurrogate(start[^1]) ? start[..^1] : start;
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
sealed partial class ParameterJson : System.Text.Json.Serialization.JsonSerializerContext;
