using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Holoflow.Sdk;

/// <summary>JSON of results, inputs and parameters.</summary>
static class ResultFormat
{
    public static JsonSerializerOptions Options { get; } = Create();

    static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            // A tuple's members are fields; science has NaN.
            IncludeFields = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(), new ComplexConverter() },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A type's name as it is written in C#.</summary>
    public static string NameOf(Type type)
    {
        if (type.IsArray)
            return $"{NameOf(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (!type.IsGenericType)
            return type.Name;
        return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}

/// <summary>JSON of one type.</summary>
static class ResultFormat<T>
{
    static readonly JsonTypeInfo<T> Info = (JsonTypeInfo<T>)ResultFormat.Options.GetTypeInfo(typeof(T));

    public static void Write(Utf8JsonWriter json, T value)
    {
        if (typeof(T) == typeof(Nothing))
            json.WriteNullValue();
        else
            JsonSerializer.Serialize(json, value, Info);
    }

    public static T Read(ReadOnlySpan<byte> json) =>
        typeof(T) == typeof(Nothing) ? default! : JsonSerializer.Deserialize(json, Info)!;

    /// <summary>
    /// Why values of the type would not come back as they were; null where they do. JSON silently drops what has no public
    /// members to write or no way to set them again, so the first result of each task is read back and compared.
    /// </summary>
    public static string? RoundTripMistake(ReadOnlySpan<byte> json)
    {
        if (Info.Kind == JsonTypeInfoKind.Object && Info.Properties.Count == 0 && typeof(T) != typeof(Nothing) && typeof(T) != typeof(object))
            return "it has no public members to write";
        var again = JsonSerializer.SerializeToUtf8Bytes(Read(json), Info);
        return typeof(T) == typeof(Nothing) || json.SequenceEqual(again) ? null : "what is read back is not what was written";
    }
}

/// <summary>A complex number as [real, imaginary]: the type's own properties can be written but not read back.</summary>
sealed class ComplexConverter : JsonConverter<Complex>
{
    public override Complex Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parts = (JsonTypeInfo<double[]>)options.GetTypeInfo(typeof(double[]));
        return JsonSerializer.Deserialize(ref reader, parts) is [var real, var imaginary]
            ? new Complex(real, imaginary)
            : throw new JsonException("a complex number is [real, imaginary]");
    }

    public override void Write(Utf8JsonWriter writer, Complex value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [value.Real, value.Imaginary], (JsonTypeInfo<double[]>)options.GetTypeInfo(typeof(double[])));
}
