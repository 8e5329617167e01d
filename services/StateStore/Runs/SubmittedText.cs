using System.Text.Json;
using Holoflow.Contracts;

namespace Holoflow.StateStore.Runs;

/// <summary>What every text that is stored must hold to; a refusal names the field.</summary>
static class SubmittedText
{
    const int LongestName = 250;
    const int LongestKey = 500;
    const int MostTags = 100;
    const int LargestParameters = 16 * 1024 * 1024;

    public static CommandAnswered? Name(string? value, string field) => value switch
    {
        null or "" => Refuse(field, $"{field} is empty: give it a name"),
        { Length: > LongestName } => Refuse(field, $"{field} has {value.Length} characters: at most {LongestName} are allowed"),
        _ => Characters(value, field),
    };

    public static CommandAnswered? OptionalName(string? value, string field) => value is null ? null : Name(value, field);

    public static CommandAnswered? Key(string? value, string field) => value switch
    {
        null => null,
        "" => Refuse(field, $"{field} is empty: leave it out or give it a value"),
        { Length: > LongestKey } => Refuse(field, $"{field} has {value.Length} characters: at most {LongestKey} are allowed"),
        _ => Characters(value, field),
    };

    public static CommandAnswered? Tags(IReadOnlyList<string> tags, string field) =>
        tags.Count > MostTags
            ? Refuse(field, $"{field} has {tags.Count} entries: at most {MostTags} are allowed")
            : tags.Select(tag => Name(tag, field)).FirstOrDefault(refusal => refusal is not null);

    public static CommandAnswered? Object(JsonElement value, string field) =>
        value.ValueKind != JsonValueKind.Object
            ? Refuse(field, $"{field} must be a JSON object, not {value.ValueKind}")
            : value.GetRawText().Length > LargestParameters
                ? Refuse(field, $"{field} are larger than {LargestParameters / 1024 / 1024} MiB: put the data in a file and pass its path")
                : null;

    static CommandAnswered? Characters(string value, string field)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsControl(value[i]))
                return Refuse(field, $"{field} holds the control character U+{(int)value[i]:X4} at position {i}: leave it out");
            if (char.IsSurrogate(value[i]) && !(char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1])))
                return Refuse(field, $"{field} holds half a character at position {i}: it is no valid Unicode text");
            if (char.IsHighSurrogate(value[i]))
                i++;
        }

        return null;
    }

    static CommandAnswered Refuse(string field, string reason) => new(CommandOutcome.Refused, reason) { Field = field };
}
