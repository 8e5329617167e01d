using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holoflow.Api.Edge;

namespace Holoflow.Api.Requests;

/// <summary>Finds all members of a request that are unknown, missing or unreadable, by their paths.</summary>
sealed class JsonMembers(FieldErrors errors)
{
    /// <summary>A string that no database could keep: half a surrogate pair.</summary>
    const string BrokenText = "holds text that is not valid Unicode";

    public void Check(JsonElement element, JsonTypeInfo type, string path)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                CheckObject(element, type, path);
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                    Check(item, type.Options.GetTypeInfo(type.ElementType!), $"{path}[{index++}]");
                break;
            default:
                CheckText(element, path);
                break;
        }
    }

    void CheckObject(JsonElement element, JsonTypeInfo type, string path)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (NameOf(property) is not { } name)
                errors.Add(path.Length == 0 ? "body" : path, "has a member whose name is not valid Unicode");
            else if (type.Properties.FirstOrDefault(p => p.Name == name) is { } known)
                Check(property.Value, type.Options.GetTypeInfo(known.PropertyType), Join(path, name));
            else
                errors.Add(Join(path, name), $"is unknown; known are {string.Join(", ", type.Properties.Select(p => p.Name))}");
        }

        foreach (var required in type.Properties.Where(p => p.IsRequired && !element.TryGetProperty(p.Name, out _)))
            errors.Add(Join(path, required.Name), "is missing");
    }

    void CheckText(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String when !IsValid(element):
                errors.Add(path, BrokenText);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                    CheckText(item, $"{path}[{index++}]");
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (NameOf(property) is { } name)
                        CheckText(property.Value, Join(path, name));
                    else
                        errors.Add(path, "has a member whose name is not valid Unicode");
                }

                break;
            default:
                break;
        }
    }

    static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    // The reader finds broken text only when it is asked for, and says so by an exception.
    static bool IsValid(JsonElement text)
    {
        if (!text.GetRawText().Contains('\\'))
            return true;
        try
        {
            return text.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
