using System.Text.Json;
using System.Text.RegularExpressions;

namespace Holoflow.RunProtocol.Parameters;

/// <summary>One walk over a value and its schema that notes every mistake.</summary>
sealed class SchemaCheck(List<ParameterMistake> mistakes)
{
    const int MostNoted = 100;

    static readonly JsonElement Anything = JsonElement.Parse("{}");

    public void Value(string path, JsonElement schema, JsonElement value)
    {
        // A boolean schema, or none, takes any value.
        if (schema.ValueKind != JsonValueKind.Object)
            AnyText(path, value);
        else if (!IsOfType(schema, value, out var types))
            Note(path, $"must be {SchemaText.Or([.. types.Select(SchemaText.Type)])}, not {SchemaText.Shown(value)}");
        else if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(one => Equal(one, value)))
            Note(path, $"must be one of {string.Join(", ", allowed.EnumerateArray().Select(SchemaText.Shown))}, not {SchemaText.Shown(value)}");
        else
            Content(path, schema, value);
    }

    void Content(string path, JsonElement schema, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Members(path, schema, value);
                break;
            case JsonValueKind.Array:
                Items(path, schema, value);
                break;
            case JsonValueKind.Number:
                Number(path, schema, value);
                break;
            case JsonValueKind.String:
                Text(path, schema, value);
                break;
        }
    }

    void Members(string path, JsonElement schema, JsonElement value)
    {
        var known = schema.TryGetProperty("properties", out var properties) ? properties : default;
        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : default;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (!TryName(member, out var name))
            {
                Note(path, "has a name that is not valid Unicode text or holds a NUL character");
                continue;
            }
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (!seen.Add(name))
                Note(at, "is given twice");
            else if (known.ValueKind == JsonValueKind.Object && known.TryGetProperty(name, out var memberSchema))
                Value(at, memberSchema, member.Value);
            else if (others.ValueKind == JsonValueKind.False)
                Note(at, Unknown(name, known));
            else
                Value(at, others, member.Value);
        }
        if (!schema.TryGetProperty("required", out var required))
            return;
        foreach (var name in required.EnumerateArray().Select(one => one.GetString()!).Where(name => !seen.Contains(name)))
            Note(path.Length == 0 ? name : $"{path}.{name}", "is missing");
    }

    static string Unknown(string name, JsonElement known)
    {
        var names = known.ValueKind == JsonValueKind.Object ? known.EnumerateObject().Select(member => member.Name).ToList() : [];
        if (names.Count == 0)
            return "is unknown: there are no parameters here";
        return SchemaText.Nearest(name, names) is { } meant
            ? $"is unknown; did you mean '{meant}'?"
            : $"is unknown; known are {string.Join(", ", names)}";
    }

    void Items(string path, JsonElement schema, JsonElement value)
    {
        var count = value.GetArrayLength();
        if (Limit(schema, "minItems") is { } fewest && count < fewest)
            Note(path, $"must have at least {fewest} items, not {count}");
        if (Limit(schema, "maxItems") is { } most && count > most)
            Note(path, $"must have at most {most} items, not {count}");
        var itemSchema = schema.TryGetProperty("items", out var items) ? items : default;
        var index = 0;
        foreach (var item in value.EnumerateArray())
            Value($"{path}[{index++}]", itemSchema, item);
    }

    void Number(string path, JsonElement schema, JsonElement value)
    {
        var shown = SchemaText.Shown(value);
        if (schema.TryGetProperty("format", out var format) && !FitsNumber(format.GetString(), value))
            Note(path, $"must fit into a number of kind {format.GetString()}, not {shown}");
        else if (Limit(schema, "minimum") is { } minimum && Compare(value, minimum) < 0)
            Note(path, $"must be at least {minimum}, not {shown}");
        else if (Limit(schema, "exclusiveMinimum") is { } above && Compare(value, above) <= 0)
            Note(path, $"must be greater than {above}, not {shown}");
        else if (Limit(schema, "maximum") is { } maximum && Compare(value, maximum) > 0)
            Note(path, $"must be at most {maximum}, not {shown}");
        else if (Limit(schema, "exclusiveMaximum") is { } below && Compare(value, below) >= 0)
            Note(path, $"must be less than {below}, not {shown}");
    }

    static bool FitsNumber(string? format, JsonElement value) => format switch
    {
        "int8" => value.TryGetSByte(out _),
        "uint8" => value.TryGetByte(out _),
        "int16" => value.TryGetInt16(out _),
        "uint16" => value.TryGetUInt16(out _),
        "int32" => value.TryGetInt32(out _),
        "uint32" => value.TryGetUInt32(out _),
        "int64" => value.TryGetInt64(out _),
        "uint64" => value.TryGetUInt64(out _),
        "float" => value.TryGetSingle(out var single) && float.IsFinite(single),
        "double" => value.TryGetDouble(out var number) && double.IsFinite(number),
        "decimal" => value.TryGetDecimal(out _),
        _ => true,
    };

    void Text(string path, JsonElement schema, JsonElement value)
    {
        if (!TryText(path, value, out var text))
            return;
        var length = text.EnumerateRunes().Count();
        if (Limit(schema, "minLength") is { } shortest && length < shortest)
            Note(path, $"must have at least {shortest} characters, not {length}");
        if (Limit(schema, "maxLength") is { } longest && length > longest)
            Note(path, $"must have at most {longest} characters, not {length}");
        if (schema.TryGetProperty("pattern", out var pattern) && !Matches(text, pattern.GetString()!))
            Note(path, $"must match the pattern {pattern.GetString()}, not {SchemaText.Shown(value)}");
        if (schema.TryGetProperty("format", out var format) && TextFormat.Wanted(format.GetString(), value) is { } wanted)
            Note(path, $"must be {wanted}, not {SchemaText.Shown(value)}");
    }

    static bool Matches(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    void AnyText(string path, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            Content(path, Anything, value);
        else if (value.ValueKind == JsonValueKind.String)
            TryText(path, value, out _);
    }

    bool TryText(string path, JsonElement value, out string text)
    {
        text = "";
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Note(path, "is not valid Unicode text (half a surrogate pair, or bytes that are not UTF-8)");
            return false;
        }
        if (!text.Contains('\0', StringComparison.Ordinal))
            return true;
        Note(path, "holds a NUL character, which no file name, argument or database text can carry");
        return false;
    }

    static bool TryName(JsonProperty member, out string name)
    {
        name = "";
        try
        {
            name = member.Name;
            return !name.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    static bool IsOfType(JsonElement schema, JsonElement value, out IReadOnlyList<string> types)
    {
        types = !schema.TryGetProperty("type", out var type) ? []
            : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)]
            : [type.GetString()!];
        return types.Count == 0 || types.Any(one => IsOfType(one, value));
    }

    static bool IsOfType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && !value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E'),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    static bool Equal(JsonElement a, JsonElement b)
    {
        try
        {
            return JsonElement.DeepEquals(a, b);
        }
        catch (InvalidOperationException)
        {
            // Text that is not valid Unicode equals nothing.
            return false;
        }
    }

    static int Compare(JsonElement value, double limit) =>
        value.TryGetDecimal(out var exact) && Math.Abs(limit) < 1e15
            ? exact.CompareTo((decimal)limit)
            : value.GetDouble().CompareTo(limit);

    static double? Limit(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var limit) && limit.ValueKind == JsonValueKind.Number ? limit.GetDouble() : null;

    void Note(string path, string message)
    {
        if (mistakes.Count < MostNoted)
            mistakes.Add(new ParameterMistake(path, message));
        else if (mistakes.Count == MostNoted)
            mistakes.Add(new ParameterMistake("", $"have more mistakes; these are the first {MostNoted}"));
    }
}
