using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Holoflow.Cli.DeploymentFiles;

/// <summary>Turns YAML values into JSON by the core schema of YAML 1.2: only true and false are truth values, dates are text.</summary>
sealed class YamlJson(string file)
{
    // Aliases make a small file large: a document that grows beyond this is an attack or a mistake.
    const int MostNodes = 100_000;
    int _nodes;

    /// <exception cref="CommandException">The value has no JSON form.</exception>
    public JsonNode? Value(YamlNode node)
    {
        if (++_nodes > MostNodes)
            throw YamlMap.Wrong(file, node, $"the file has more than {MostNodes} values");
        return node switch
        {
            YamlScalarNode scalar => Scalar(scalar),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Value)]),
            YamlMappingNode map => Object(map),
            _ => throw YamlMap.Wrong(file, node, "this kind of value is not understood"),
        };
    }

    JsonObject Object(YamlMappingNode map)
    {
        var result = new JsonObject();
        foreach (var (key, value) in map.Children)
            result.Add((key as YamlScalarNode)?.Value ?? throw YamlMap.Wrong(file, key, "a key must be text"), Value(value));
        return result;
    }

    JsonNode? Scalar(YamlScalarNode scalar)
    {
        if (!scalar.Tag.IsEmpty && scalar.Tag != "!" && scalar.Tag != "tag:yaml.org,2002:str")
            throw YamlMap.Wrong(file, scalar, $"the tag {scalar.Tag} is not understood");
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || !scalar.Tag.IsEmpty)
            return JsonValue.Create(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ => Number(text) ?? JsonValue.Create(text),
        };
    }

    // The digits stay as they were written: a large integer or a long fraction loses nothing on its way.
    static JsonNode? Number(string text)
    {
        if (!(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.') || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return null;
        var digits = text.TrimStart('+');
        try
        {
            return JsonNode.Parse(digits);
        }
        catch (JsonException)
        {
            // YAML allows 007, .5 and 5. where JSON does not.
            return double.IsFinite(value) ? JsonValue.Create(value) : null;
        }
    }
}
