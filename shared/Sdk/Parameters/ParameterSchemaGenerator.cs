using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Holoflow.Sdk;

/// <summary>Makes the JSON Schema of a parameters record: from the same type information that reads the parameters, so that both agree.</summary>
static class ParameterSchemaGenerator
{
    /// <summary>The schema of a parameters type.</summary>
    /// <exception cref="NotSupportedException">A member's type cannot be a parameter; the message names it.</exception>
    public static JsonElement Of(Type type) => JsonSerializer.SerializeToElement(ObjectSchema(type, []));

    static JsonObject ObjectSchema(Type type, IReadOnlyList<Type> outer)
    {
        if (outer.Contains(type))
            throw new NotSupportedException($"{ResultFormat.NameOf(type)} holds itself");
        var info = ResultFormat.Options.GetTypeInfo(type);
        if (info.Kind != JsonTypeInfoKind.Object)
            throw new NotSupportedException($"{ResultFormat.NameOf(type)} cannot be a parameter: right are texts, numbers, bool, enums, dates, TimeSpan, Guid, lists, dictionaries by text, and records of these");
        var sample = SampleOf(type);
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in info.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null))
        {
            var schema = PropertySchema(property, [.. outer, type]);
            properties[property.Name] = schema;
            if (TryDefault(property, sample, out var value))
                schema["default"] = JsonSerializer.SerializeToNode(value, property.PropertyType, ResultFormat.Options);
            else if (property.IsRequired || property.AssociatedParameter is not null)
                required.Add(property.Name);
        }
        var result = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (type.GetCustomAttribute<DescriptionAttribute>() is { } description)
            result["description"] = description.Description;
        if (required.Count > 0)
            result["required"] = required;
        return result;
    }

    static JsonObject PropertySchema(JsonPropertyInfo property, IReadOnlyList<Type> outer)
    {
        JsonObject schema;
        try
        {
            schema = TypeSchema(property.PropertyType, outer);
        }
        catch (NotSupportedException e) when (!e.Message.StartsWith("member ", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"member '{property.Name}': {e.Message}", e);
        }
        if (property.IsSetNullable && !property.PropertyType.IsValueType && schema["type"] is JsonValue single && single.GetValueKind() == JsonValueKind.String)
            schema["type"] = new JsonArray(single.GetValue<string>(), "null");
        var display = Attribute<DisplayAttribute>(property);
        schema["title"] = display?.Name ?? TitleOf(property.Name);
        if ((Attribute<DescriptionAttribute>(property)?.Description ?? display?.Description) is { } description)
            schema["description"] = description;
        ParameterRanges.Apply(schema, property);
        return schema;
    }

    /// <summary>The attribute of the property, or of the constructor parameter that it comes from.</summary>
    internal static TAttribute? Attribute<TAttribute>(JsonPropertyInfo property)
        where TAttribute : Attribute =>
        (TAttribute?)(property.AttributeProvider?.GetCustomAttributes(typeof(TAttribute), inherit: true).FirstOrDefault()
            ?? property.AssociatedParameter?.AttributeProvider?.GetCustomAttributes(typeof(TAttribute), inherit: true).FirstOrDefault());

    static JsonObject TypeSchema(Type type, IReadOnlyList<Type> outer)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            var schema = TypeSchema(underlying, outer);
            schema["type"] = new JsonArray(schema["type"]!.GetValue<string>(), "null");
            if (schema["enum"] is JsonArray names)
                names.Add(null);
            return schema;
        }
        if (type.IsEnum)
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => JsonValue.Create(name))]) };
        if (Simple(type) is var (kind, format))
        {
            var schema = new JsonObject { ["type"] = kind };
            if (format is not null)
                schema["format"] = format;
            return schema;
        }
        var info = ResultFormat.Options.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = TypeSchema(info.ElementType!, outer) },
            JsonTypeInfoKind.Dictionary => new JsonObject { ["type"] = "object", ["additionalProperties"] = TypeSchema(info.ElementType!, outer) },
            _ => ObjectSchema(type, outer),
        };
    }

    static (string Kind, string? Format)? Simple(Type type) => type switch
    {
        _ when type == typeof(string) => ("string", null),
        _ when type == typeof(bool) => ("boolean", null),
        _ when type == typeof(int) => ("integer", "int32"),
        _ when type == typeof(long) => ("integer", "int64"),
        _ when type == typeof(short) => ("integer", "int16"),
        _ when type == typeof(sbyte) => ("integer", "int8"),
        _ when type == typeof(uint) => ("integer", "uint32"),
        _ when type == typeof(ulong) => ("integer", "uint64"),
        _ when type == typeof(ushort) => ("integer", "uint16"),
        _ when type == typeof(byte) => ("integer", "uint8"),
        _ when type == typeof(double) => ("number", "double"),
        _ when type == typeof(float) => ("number", "float"),
        _ when type == typeof(decimal) => ("number", "decimal"),
        _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) => ("string", "date-time"),
        _ when type == typeof(DateOnly) => ("string", "date"),
        _ when type == typeof(TimeOnly) => ("string", "time"),
        _ when type == typeof(TimeSpan) => ("string", "time-span"),
        _ when type == typeof(Guid) => ("string", "uuid"),
        _ when type == typeof(Uri) => ("string", "uri"),
        _ => null,
    };

    // Defaults of init properties can only be had from an object.
    static object? SampleOf(Type type)
    {
        if (type.GetConstructor(Type.EmptyTypes) is null)
            return null;
        try
        {
            return Activator.CreateInstance(type);
        }
        catch (TargetInvocationException e)
        {
            throw new NotSupportedException($"{ResultFormat.NameOf(type)} cannot be made with its defaults: {e.InnerException!.Message}", e);
        }
    }

    static bool TryDefault(JsonPropertyInfo property, object? sample, out object? value)
    {
        value = null;
        if (property.AssociatedParameter is { } parameter)
        {
            // The default of a struct is kept as null.
            value = parameter.DefaultValue ?? (property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null);
            return parameter.HasDefaultValue;
        }
        if (sample is null || property.IsRequired || property.Get is null)
            return false;
        value = property.Get(sample);
        return value is not null || property.IsGetNullable;
    }

    /// <summary>The member's name as words: chunkSize becomes Chunk size.</summary>
    internal static string TitleOf(string name)
    {
        var title = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && title.Length > 0 && !char.IsUpper(title[^1]))
                title.Append(' ').Append(char.ToLowerInvariant(c));
            else
                title.Append(title.Length == 0 ? char.ToUpperInvariant(c) : c is '_' ? ' ' : c);
        }
        return title.ToString();
    }
}
