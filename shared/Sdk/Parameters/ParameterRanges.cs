using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Holoflow.Sdk;

/// <summary>Ranges, lengths, patterns and allowed values of a parameter, from its validation attributes.</summary>
static class ParameterRanges
{
    public static void Apply(JsonObject schema, JsonPropertyInfo property)
    {
        if (ParameterSchemaGenerator.Attribute<RangeAttribute>(property) is { } range)
        {
            schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = Number(range.Minimum);
            schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = Number(range.Maximum);
        }
        if (ParameterSchemaGenerator.Attribute<StringLengthAttribute>(property) is { } length)
            Lengths(schema, length.MinimumLength, length.MaximumLength);
        if (ParameterSchemaGenerator.Attribute<LengthAttribute>(property) is { } lengths)
            Lengths(schema, lengths.MinimumLength, lengths.MaximumLength);
        if (ParameterSchemaGenerator.Attribute<MinLengthAttribute>(property) is { } shortest)
            Lengths(schema, shortest.Length, null);
        if (ParameterSchemaGenerator.Attribute<MaxLengthAttribute>(property) is { } longest)
            Lengths(schema, 0, longest.Length);
        if (ParameterSchemaGenerator.Attribute<RegularExpressionAttribute>(property) is { } pattern)
            schema["pattern"] = $"^(?:{pattern.Pattern})$";
        if (ParameterSchemaGenerator.Attribute<AllowedValuesAttribute>(property) is { } allowed)
            schema["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonValue.Create(value))]);
    }

    static void Lengths(JsonObject schema, int shortest, int? longest)
    {
        var unit = schema.ContainsKey("items") ? "Items" : "Length";
        if (shortest > 0)
            schema["min" + unit] = shortest;
        if (longest is > 0)
            schema["max" + unit] = longest;
    }

    static double Number(object limit) => Convert.ToDouble(limit, CultureInfo.InvariantCulture);
}
