using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holoflow.HolographyFlow.Observations;

/// <summary>JSON files of the flow: indented for people; unknown keys are errors.</summary>
static class FlowJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is missing or not what is expected; the message names the file and the place.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options) ?? throw new InputException([$"{path}: the file holds null"]);
        }
        catch (JsonException e)
        {
            throw new InputException([$"{path}: {e.Message.Split('\n')[0]}"]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException([$"{path}: the file is missing"]);
        }
    }

    /// <summary>Writes a file, which appears whole by its rename.</summary>
    public static void Write<T>(string path, T value)
    {
        var partial = path + ".partial";
        File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(value, Options));
        File.Move(partial, path, overwrite: true);
    }
}
